// Installs the npm packages when what is in node_modules is not what package-lock.json says. Plain Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Complaint } from './print.mjs';

/** npm writes this file last, and with the exact versions: an interrupted install has none. */
const installedLock = 'node_modules/.package-lock.json';

/** @returns null when node_modules matches the lock, otherwise why not */
export function dependencyProblem(root) {
  if (!existsSync(join(root, installedLock))) return 'node_modules is missing';
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, installedLock));
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional || entry.devOptional) continue;
    if (installed[path]?.version !== entry.version)
      return `${path.slice(path.lastIndexOf('node_modules/') + 13)} is not at ${entry.version}`;
  }
  return null;
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** The npm that started this script, or the one on PATH. */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? [process.execPath, cli] : ['npm'];
}

export const installArguments = ['ci', '--no-audit', '--no-fund', '--prefer-offline'];

/** Installs when needed, with npm's output shown. @throws Complaint when npm fails */
export function ensureInstalled(root, say) {
  const problem = dependencyProblem(root);
  if (!problem) return;
  say(`Installing packages (npm ci), because ${problem} …`);
  const [command, ...first] = npmCommand();
  const result = spawnSync(command, [...first, ...installArguments], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0)
    throw new Complaint('npm ci failed; its output above says why. Mend that and start again.');
}
