// Numbers while a side doesn't answer: a destination that hangs has a growing lag, a source that hangs an unknown one, never 0. About 15 s.
import { expect, it } from 'vitest';
import { compareTopics } from '@/harness/compare';
import { LinkUnderTest } from '@/harness/link-under-test';
import { startTraffic } from '@/harness/produce';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { snapshotOf } from './snapshot';

const source = suiteCluster({ name: 'hanging-source' });
const destination = suiteCluster({ name: 'hanging-destination' });

it('lag grows while the destination hangs, is unknown while the source hangs, and is 0 again after both went on', async () => {
  const { bootstrap } = source();
  const topic = uniqueName('honest');
  await createTopic({ bootstrap, topic });
  const traffic = await startTraffic({ bootstrap, records: { topic }, ratePerSecond: 300, lingerMs: 1 });
  const l = new LinkUnderTest({
    source: source(),
    destination: destination(),
    name: uniqueName('honest'),
    topics: [topic],
  });
  /** Source end, mirror end and lag as they leave the engine. */
  const shown = () => {
    const { columns } = snapshotOf([l.runner], Date.now());
    const lastStable = columns.sourceLastStable[0] as bigint;
    const mirrorEnd = columns.mirrorEnd[0] as bigint;
    return {
      lastStable,
      lag: lastStable < 0n ? null : lastStable - mirrorEnd,
      seconds: columns.lagSeconds[0] as number,
    };
  };
  const hanging = destination().brokers[0];
  const silent = source().brokers[0];
  try {
    await l.until('it runs', () => (l.runner.topics.get(topic)?.partitions[0]?.acked ?? 0n) > 300n);
    hanging?.pause();
    await l.until('lag grows', () => (shown().lag ?? 0n) > 1_500n && shown().seconds > 3);
    silent?.pause();
    await l.until('lag is unknown', () => shown().lag === null && Number.isNaN(shown().seconds), 90_000);
    silent?.resume();
    hanging?.resume();
    await traffic.stop();
    await l.caughtUp();
    await l.until('lag is 0', () => shown().lag === 0n && shown().seconds === 0);
  } finally {
    silent?.resume();
    hanging?.resume();
    await l.stop();
  }
  const place = { source: { bootstrap, topic }, mirror: { bootstrap: destination().bootstrap, topic } };
  expect((await compareTopics(place)).records).toBeGreaterThan(1_500);
});
