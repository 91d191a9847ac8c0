// Knows whether the built console belongs to the sources that are here: by their content, so that it holds without git
// and for edits that are not committed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Everything the build reads. Tests are left out: they never reach it. */
const sources = [
  'app',
  'components',
  'lib',
  'server',
  'public',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];
const ignored = /\.test\.tsx?$|\/\.[^/]+$/;

export const standaloneFolder = '.next/standalone';
export const serverFile = `${standaloneFolder}/server.js`;
export const stampFile = `${standaloneFolder}/landbridge-sources.txt`;

/** A hash of all sources; the same on every machine. */
export function sourcesFingerprint(root) {
  const hash = createHash('sha256');
  for (const path of sources) addTo(hash, root, path);
  return hash.digest('hex');
}

function addTo(hash, root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) addTo(hash, root, `${path}/${name}`);
  } else if (!ignored.test(path)) {
    hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
  }
}

/** @returns null when the build is there and made from these sources, otherwise why a build is needed */
export function buildProblem(root) {
  if (!existsSync(join(root, serverFile))) return 'there is no build yet';
  if (!existsSync(join(root, stampFile))) return 'the last build was not finished';
  const built = readFileSync(join(root, stampFile), 'utf8').trim();
  return built === sourcesFingerprint(root) ? null : 'the sources have changed since the last build';
}

/**
 * What the built routes say they need at run time, and the standalone server does not have: Next drops the rest of a route's files, with a warning only,
 * when one of them cannot be copied.
 */
export function missingFromStandalone(root) {
  const built = join(root, '.next/server');
  const traces = readdirSync(built, { recursive: true }).filter((name) => name.endsWith('.nft.json'));
  const needed = new Set();
  for (const trace of traces.map((name) => join(built, name)))
    for (const file of JSON.parse(readFileSync(trace, 'utf8')).files)
      needed.add(relative(root, resolve(dirname(trace), file)));
  return [...needed].filter((file) => !existsSync(join(root, standaloneFolder, file))).sort();
}
