// Browser tests of the built product. One worker: they share two cores with brokers. Nothing is downloaded: the browser is
// LANDBRIDGE_BROWSER, Playwright's own where it is installed, or a Chromium on PATH.
import { fileURLToPath } from 'node:url';
import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/lib/browser.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const browser = findBrowser(root);

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // Limits only guard against hangs; starting two clusters and the product counts into the first test.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 980 },
    colorScheme: 'dark',
    // Recording a trace of each test costs as much as the tests: `-- --trace on` where one fails and the picture does not say why.
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(browser ? { executablePath: browser } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
