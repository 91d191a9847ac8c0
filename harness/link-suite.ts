// What test suites of a link between two clusters share: links and engines that end with their test, whatever comes of it, and
// the comparison of a mirror with its source. Topics and their histories come from produce.ts and generate.ts.
import { afterEach } from 'vitest';
import type { KafkaCluster } from './cluster';
import { type CompareOptions, type Comparison, compareTopics } from './compare';
import { EngineProcess } from './engine-process';
import { type LinkOptions, LinkUnderTest } from './link-under-test';
import { startTraffic, type Traffic, type TrafficOptions } from './produce';
import { uniqueName } from './test-clusters';

type SuiteOptions = Partial<Omit<LinkOptions, 'source' | 'destination'>> & {
  source: () => KafkaCluster;
  destination: () => KafkaCluster;
  /** Links are named after it. */
  name: string;
  /** The tests pause and kill its brokers: they go on before links end, and all run again before the next test. */
  faulty?: () => KafkaCluster;
};

export type LinkSuite = {
  /** Starts a link in this process; stopped when the test ends. */
  link(options: Partial<LinkOptions> & { topics: string[] }): LinkUnderTest;
  /** An engine in a process of its own, not started yet; killed when the test ends. */
  engine(options: Partial<LinkOptions> & { topics: string[] }): EngineProcess;
  /** @throws TopicsDiffer when the mirror isn't equal to its source */
  same(topic: string, options?: Partial<CompareOptions>): Promise<Comparison>;
  /** Traffic to the source, in small batches; ends with the test. */
  traffic(options: Omit<TrafficOptions, 'bootstrap'>): Promise<Traffic>;
  /** Traffic in transactions of ten records, three of ten aborted: data and fills take turns. */
  transactions(topic: string, ratePerSecond: number): Promise<Traffic>;
  /** Work for the end of the test, last come first done. */
  atEnd(work: () => unknown): void;
};

export function linkSuite({ source, destination, name, faulty, ...defaults }: SuiteOptions): LinkSuite {
  const endings: (() => unknown)[] = [];
  const atEnd = (work: () => unknown) => void endings.push(work);

  afterEach(async () => {
    for (const broker of faulty?.().brokers ?? []) broker.resume();
    const failures: unknown[] = [];
    for (const end of endings.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        // The others must end, too: what one test leaves running disturbs the next ones.
        failures.push(error);
      }
    }
    await Promise.all((faulty?.().brokers ?? []).map((broker) => broker.start()));
    if (failures.length > 0) throw failures[0];
  });

  const filled = (options: Partial<LinkOptions> & { topics: string[] }): LinkOptions => ({
    source: source(),
    destination: destination(),
    name: uniqueName(name),
    ...defaults,
    ...options,
  });

  const traffic = async (options: Omit<TrafficOptions, 'bootstrap'>) => {
    const started = await startTraffic({
      bootstrap: source().bootstrap,
      lingerMs: 1,
      // A producer that waits 30 s for a broker that stands still would stop the test, not the link.
      properties: { 'request.timeout.ms': '3000' },
      ...options,
    });
    atEnd(async () => {
      const { failure } = await started.stop();
      // A producer that gave up wrote nothing any more, and the test showed less than it says.
      if (failure) throw new Error(`The traffic to ${options.records.topic} ended by itself: ${failure}`);
    });
    return started;
  };

  return {
    atEnd,
    traffic,
    transactions: (topic, ratePerSecond) =>
      traffic({
        records: { topic },
        ratePerSecond,
        transactionalId: topic,
        recordsPerTransaction: 10,
        abortRatio: 0.3,
      }),
    link(options) {
      const started = new LinkUnderTest(filled(options));
      atEnd(() => started.stop());
      return started;
    },
    engine(options) {
      const made = new EngineProcess(filled(options));
      atEnd(async () => {
        made.resume();
        await made.kill();
      });
      return made;
    },
    same: (topic, options = {}) =>
      compareTopics({
        source: { bootstrap: source().bootstrap, topic },
        mirror: { bootstrap: destination().bootstrap, topic },
        ...options,
      }),
  };
}
