// `npm run build`: builds the console into .next/standalone, complete with its static files. `--if-needed` leaves a
// build alone that was made from the same sources.
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildProblem,
  missingFromStandalone,
  serverFile,
  sourcesFingerprint,
  stampFile,
  standaloneFolder,
} from './lib/build-state.mjs';
import { ensureInstalled } from './lib/dependencies.mjs';
import { Complaint, duration, runMain, say } from './lib/print.mjs';
import { endMarked, finished, newMark, start } from './lib/processes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const limitMs = 10 * 60_000;

await runMain(async () => {
  ensureInstalled(root, say);
  if (process.argv.includes('--if-needed') && buildProblem(root) === null) {
    say('The build is up to date.');
    return 0;
  }
  const startedAt = Date.now();
  // Taken first: what is edited while the build runs must count as changed afterwards.
  const fingerprint = sourcesFingerprint(root);
  rmSync(join(root, stampFile), { force: true });

  const mark = newMark();
  const child = start(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    mark,
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => endMarked(mark, 5000).finally(() => process.exit(130)));
  }
  const { code, timedOut, error } = await finished(child, limitMs);
  if (error) throw error;
  if (timedOut) throw new Complaint(`next build was ended after ${duration(limitMs)} without a result.`);
  if (code !== 0) throw new Complaint('next build failed; its output above says where.');
  if (!existsSync(join(root, serverFile))) {
    throw new Complaint(
      `next build has not written ${serverFile}: output must be "standalone" in next.config.ts.`,
    );
  }

  const missing = missingFromStandalone(root);
  if (missing.length > 0) {
    throw new Complaint(
      `next build has left ${missing.length} files out of the server, such as ${missing[0]}: something it wanted to copy went away meanwhile (a warning above says what). Build again.`,
    );
  }
  // Next leaves these two out of the standalone server.
  copy('.next/static', `${standaloneFolder}/.next/static`);
  copy('public', `${standaloneFolder}/public`);
  writeFileSync(join(root, stampFile), `${fingerprint}\n`);
  say(`Built in ${duration(Date.now() - startedAt)}.`);
  return 0;
});

function copy(from, to) {
  if (!existsSync(join(root, from))) return;
  rmSync(join(root, to), { recursive: true, force: true });
  cpSync(join(root, from), join(root, to), { recursive: true, verbatimSymlinks: true });
}
