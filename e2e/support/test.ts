// Playwright's test with what this product needs: the running product, two real clusters (only where asked for), and a page
// that fails the test when the browser's console says that something is wrong.
import { type BrowserContext, test as base, expect } from '@playwright/test';
import { type KafkaCluster, startCluster } from '@/harness/cluster';
import { complaintsOf, policyReportsOf } from './complaints';
import { Product } from './product';
import { type SignedIn, signedIn } from './signed-in';

type WorkerFixtures = {
  product: Product;
  /** Of the administrator: every page and request of a test is signed in. */
  session: SignedIn;
  clusters: { source: KafkaCluster; destination: KafkaCluster };
};
type TestFixtures = {
  /** What the browser's console complained about; tests that provoke errors empty it. */
  complaints: string[];
  /** Fails a test in which the browser reports something that the content security policy forbids. */
  policy: undefined;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  product: [
    async ({ browserName: _ }, use) => {
      const product = await Product.start();
      await use(product);
      await product.dispose();
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  session: [async ({ product }, use) => use(await signedIn(product)), { scope: 'worker' }],
  clusters: [
    async ({ browserName: _ }, use) => {
      const [source, destination] = await Promise.all([
        startCluster({ name: 'source' }),
        startCluster({ name: 'destination' }),
      ]);
      await use({ source, destination });
      await Promise.all([source.stop(), destination.stop()]);
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  storageState: async ({ session }, use) => use(session),
  complaints: async ({ page }, use) => use(complaintsOf(page)),
  policy: [
    async ({ page }, use) => {
      const reports = policyReportsOf(page);
      await use(undefined);
      expect(reports).toEqual([]);
    },
    { auto: true },
  ],
});

/**
 * For tests that open a page, look at it, and leave nothing behind in the browser: those of one worker share what it has loaded and compiled. Each
 * has a page of its own, as answers and complaints are of a page.
 */
export const lookTest = test.extend<object, { stage: { context: BrowserContext | null } }>({
  stage: [
    async ({ browserName: _ }, use) => {
      const stage = { context: null as BrowserContext | null };
      await use(stage);
      await stage.context?.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ stage, browser }, use) => {
    // Made within a test: it takes the test's options.
    stage.context ??= await browser.newContext();
    const page = await stage.context.newPage();
    await use(page);
    await page.close();
  },
});

export { expect } from '@playwright/test';
