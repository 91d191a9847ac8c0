// Builds and finds the OpenTelemetry Collector that takes OTLP in a long test: LANDBRIDGE_OTEL_COLLECTOR, or built with Go from
// harness/otel-collector, where its versions are pinned.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = 'harness/otel-collector';
/** As in its go.mod. */
const neededGo = [1, 26];
/** From here on Go brings the version of itself that a go.mod asks for, unless it was told not to. */
const selfUpdatingGo = [1, 21];

/** @returns the path of an executable, or null: it is not there, or not of this source */
export function findOtelCollector(root) {
  const chosen = process.env.LANDBRIDGE_OTEL_COLLECTOR;
  const path = chosen || builtPath(root);
  return existsSync(path) ? path : null;
}

/** @returns null when it can be built, otherwise what is missing */
export function goProblem() {
  const needed = neededGo.join('.');
  const why = 'a test sends to an OpenTelemetry Collector that it builds (or set LANDBRIDGE_OTEL_COLLECTOR)';
  const { error, stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], { encoding: 'utf8' });
  if (error) return `Go is missing: ${needed} or newer is needed, as ${why}.`;
  const [version = '', toolchain = ''] = stdout.trim().split('\n');
  const own = /^go(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [0, 0];
  const atLeast = ([major, minor]) => own[0] > major || (own[0] === major && own[1] >= minor);
  if (atLeast(neededGo) || (atLeast(selfUpdatingGo) && toolchain !== 'local')) return null;
  return `Go ${own.join('.')} is too old: ${needed} or newer is needed, as ${why}.`;
}

/** To be run in a shell at the root of the project; needs the Go module proxy the first time. */
export const buildOtelCollectorCommand = (root) =>
  `cd ${source} && CGO_ENABLED=0 go build -mod=readonly -buildvcs=false -trimpath -o '${builtPath(root)}' .`;

/** One for each state of the source: what is there is never old. */
function builtPath(root) {
  const hash = createHash('sha256');
  for (const file of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(root, source, file)));
  return join(root, '.cache/otel-collector', hash.digest('hex').slice(0, 16), 'otel-collector');
}
