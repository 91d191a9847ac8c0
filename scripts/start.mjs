// `npm start` (and `npm run dev` with --dev): runs the console and the link engine. Needs neither Java nor Maven.
// Settings come from the environment: PORT, HOST, LANDBRIDGE_URL, LANDBRIDGE_DATA_DIR … (docs/configuration.md).
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readPublicAddress } from '../lib/public-address.mjs';
import { buildProblem, serverFile } from './lib/build-state.mjs';
import { ensureInstalled } from './lib/dependencies.mjs';
import { memoryArguments, memoryEnvironment } from './lib/memory.mjs';
import { portProblem } from './lib/port.mjs';
import { bold, Complaint, runMain, say } from './lib/print.mjs';
import { finished, newMark, onLauncherGone, signalGroup, start } from './lib/processes.mjs';
import { trustedProxies } from './lib/trusted-proxies.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dev = process.argv.includes('--dev');
/** The server itself settles within 5 s of a SIGTERM; what hangs for longer is ended. */
const stopLimitMs = 15_000;
const readyLimitMs = 120_000;

await runMain(async () => {
  const host = (process.env.HOST ?? '').trim() || '127.0.0.1';
  const port = portToBind();
  const { origin } = publicAddress(host, port);
  await refuseTakenPort(host, port);
  ensureInstalled(root, say);
  if (!dev) buildWhenNeeded();

  const program = dev ? developmentArguments(host, port) : [join(root, serverFile)];
  const child = start(process.execPath, [...memoryArguments, ...program], {
    mark: newMark(),
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment(host, port),
  });
  const ended = finished(child);
  let stopping = false;
  const stop = (signal) => {
    if (stopping) return;
    stopping = true;
    dev ? signalGroup(child, signal) : child.kill(signal);
    setTimeout(() => signalGroup(child, 'SIGKILL'), stopLimitMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(signal));
  // A terminal that closes ends the server; to a service it means that landbridge.yaml was edited.
  process.on('SIGHUP', () => (process.stdin.isTTY || dev ? stop('SIGTERM') : child.kill('SIGHUP')));
  onLauncherGone(() => stop('SIGTERM'));

  const address = `http://${reachable(host)}:${port}`;
  const over = new AbortController();
  const ready = await Promise.race([untilReady(address, over.signal), ended.then(() => false)]);
  over.abort();
  if (ready)
    say(
      `\n${bold(`Landbridge is ready at ${origin}`)}\nCtrl-C stops it; links go on from where they were at the next start.`,
    );

  const { code, signal, error } = await ended;
  if (error) throw error;
  if (stopping) return 0;
  if (!ready)
    throw new Complaint(
      `The server ended before it was ready (${signal ?? `code ${code}`}); its output above says why.`,
    );
  throw new Complaint(`The server ended by itself (${signal ?? `code ${code}`}).`);
});

/** Said before anything is built; the server asks the same at its own start. */
function publicAddress(host, port) {
  const { address, problem } = readPublicAddress(process.env, host, port);
  const complaint = problem ?? trustedProxies(process.env.LANDBRIDGE_TRUSTED_PROXIES).problem;
  if (complaint) throw new Complaint(complaint);
  return address;
}

/** Every address is listened on: this machine is asked at its own. */
function reachable(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function portToBind() {
  const text = process.env.PORT ?? '3000';
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Complaint(`PORT=${text} is not a port: give a number from 1 to 65535.`);
}

async function refuseTakenPort(host, port) {
  const problem = await portProblem(host, port);
  if (problem === null) return;
  const why =
    problem === 'EADDRINUSE'
      ? 'another program listens there'
      : problem === 'EACCES'
        ? 'ports below 1024 need more rights'
        : `the system says ${problem}`;
  throw new Complaint(
    `Port ${port} on ${host} cannot be used: ${why}. Choose another: PORT=${port < 1024 ? 3000 : port + 1} npm start`,
  );
}

function buildWhenNeeded() {
  const problem = buildProblem(root);
  if (!problem) return;
  say(`Building the console, because ${problem} …`);
  const result = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) throw new Complaint('The console could not be built; the output above says why.');
}

function developmentArguments(host, port) {
  return [join(root, 'node_modules/next/dist/bin/next'), 'dev', '-H', host, '-p', String(port)];
}

function environment(host, port) {
  // npm runs scripts in the project's folder; INIT_CWD is where the person stands.
  const callersFolder = process.env.INIT_CWD ?? process.cwd();
  const preload = `--import ${pathToFileURL(join(root, 'scripts/lib/client-address.mjs')).href}`;
  const env = {
    ...memoryEnvironment,
    ...process.env,
    HOST: host,
    HOSTNAME: host,
    PORT: String(port),
    NODE_ENV: dev ? 'development' : 'production',
    NODE_OPTIONS: [process.env.NODE_OPTIONS, preload].filter(Boolean).join(' '),
    // Next's own handler would end the process at once; ours lets links settle first.
    NEXT_MANUAL_SIG_HANDLE: 'true',
    NEXT_TELEMETRY_DISABLED: '1',
    LANDBRIDGE_END_WITH_PARENT: '1',
    // The built server changes into its own folder: relative paths must be fixed before.
    LANDBRIDGE_DATA_DIR: process.env.LANDBRIDGE_DATA_DIR
      ? resolve(callersFolder, process.env.LANDBRIDGE_DATA_DIR)
      : join(root, 'data'),
  };
  const files = ['CONFIG', 'SECRET_KEY_FILE', 'HEALTH_CERT_FILE', 'HEALTH_KEY_FILE', 'HEALTH_CA_FILE'];
  for (const name of files.map((file) => `LANDBRIDGE_${file}`))
    if (process.env[name]) env[name] = resolve(callersFolder, process.env[name]);
  return env;
}

async function untilReady(address, over) {
  const deadline = Date.now() + readyLimitMs;
  while (Date.now() < deadline && !over.aborted) {
    try {
      const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2000) });
      await response.body?.cancel();
      if (response.ok) return true;
    } catch {
      // Not listening yet: asked again below, until the deadline or the server's end.
    }
    await new Promise((wake) => setTimeout(wake, 150));
  }
  if (over.aborted) return false;
  say(
    `The server has not reported ready at ${address}/readyz within ${readyLimitMs / 1000} s; it goes on running.`,
  );
  return false;
}
