// Browser tests of the built product, two at a time: one with brokers and one of pages' looks, or two of looks. Nothing is
// downloaded: the browser is LANDBRIDGE_BROWSER, Playwright's own where it is installed, or a Chromium on PATH.
import { fileURLToPath } from 'node:url';
import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/lib/browser.mjs';
import { quickTemporaryFolder } from './scripts/lib/temporary-folder.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const browser = findBrowser(root);
/** Rendering tests: they share a product and nothing in it, so that each can run beside any other. */
const pages = '**/*pages.spec.ts';
/** Stories that leave something behind have a product and clusters of their own. */
const apart = '**/failback.spec.ts';
process.env.TMPDIR = quickTemporaryFolder(4096);
/** The last `--disable-features` alone counts: what Playwright 1.65.1 switches off is said again. */
const switchedOff = [
  // A full Chromium starts a process beside each page for what its address bar suggests, a third of a page's cost.
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding'],
  ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints'],
  ...['NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch'],
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/support/built.ts',
  workers: 2,
  projects: [
    { name: 'product', testIgnore: [pages, apart], workers: 1 },
    { name: 'apart', testMatch: apart, workers: 1 },
    { name: 'pages', testMatch: pages, fullyParallel: true },
  ],
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
        `--disable-features=${switchedOff.join(',')}`,
      ],
    },
  },
});
