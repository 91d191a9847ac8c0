// Finds the browser for the browser tests, in the order: LANDBRIDGE_BROWSER, Playwright's own, Chromium on PATH.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const names = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
];
const macPaths = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** @returns the path of an executable, or null; needs node_modules for Playwright's own browser only */
export function findBrowser(root) {
  const chosen = process.env.LANDBRIDGE_BROWSER;
  if (chosen) return existsSync(chosen) ? chosen : null;
  const folders = (process.env.PATH ?? '').split(':').filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = [playwrightBrowser(root), ...onPath, ...macPaths];
  return candidates.find((path) => path && existsSync(path)) ?? null;
}

function playwrightBrowser(root) {
  try {
    return createRequire(join(root, 'package.json'))('@playwright/test').chromium.executablePath();
  } catch {
    return null; // packages are not installed yet
  }
}

/** Whether this script may install the browser itself: Debian or a descendant, as root. */
export function canInstallBrowser() {
  return process.getuid?.() === 0 && !spawnSync('apt-get', ['--version']).error;
}

export const installBrowserCommand =
  'apt-get update -q && (apt-get install -y -q --no-install-recommends chromium-headless-shell fonts-dejavu-core fonts-liberation || ' +
  'apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core fonts-liberation)';
