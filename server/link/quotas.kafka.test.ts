// Quotas of brokers: they slow a link down, and neither stop it nor change what arrives. About 25 s.
import { expect, it } from 'vitest';
import { setClientQuota } from '@/harness/access';
import { interleavedTransactions } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const { link, same, atEnd } = linkSuite({ source, destination, name: 'quotas' });

type Limits = Parameters<typeof setClientQuota>[0]['limits'];

/** A topic with more than a broker lets through at once, and a link for which the quota holds before its first request. */
async function limited(
  side: () => { bootstrap: string },
  limits: Limits,
  bytes: number,
): Promise<{ l: LinkUnderTest; topic: string }> {
  const topic = uniqueName('limited');
  await createTopic({ bootstrap: source().bootstrap, topic, partitions: 4 });
  await produce({
    bootstrap: source().bootstrap,
    records: { topic, count: bytes / 10_000, valueBytes: 10_000 },
  });
  await interleavedTransactions({ bootstrap: source().bootstrap, topic, transactions: 12 });
  const name = uniqueName('quotas');
  const clientId = `landbridge-${name}`;
  await setClientQuota({ bootstrap: side().bootstrap, clientId, limits });
  const none = Object.fromEntries(Object.keys(limits).map((key) => [key, null]));
  atEnd(() => setClientQuota({ bootstrap: side().bootstrap, clientId, limits: none }));
  // Far less than a broker holds back what was sent ahead of a quota.
  return { l: link({ topics: [topic], name, tuning: { produceTimeoutMs: 1_500 } }), topic };
}

/** Whatever is asked again after it was given up is told in the log. */
const troubles = (l: LinkUnderTest) =>
  l.logs.filter((line) => /no answer|gave|lost|recover|again/i.test(line));

it('a produce quota at the destination slows the link down: exact, without a request that runs out of time', async () => {
  const { l, topic } = await limited(destination, { producer_byte_rate: 200_000 }, 2_600_000);
  await l.until('the link says so', () => /quota/.test(l.runner.message ?? ''));
  expect(l.runner.message).toMatch(/broker 1 of .* holds it back after Produce \(producer_byte_rate/);
  expect(l.runner.state).toBe('ACTIVE');
  await l.caughtUp();
  expect((await same(topic)).records).toBeGreaterThanOrEqual(260);
  expect(troubles(l)).toEqual([]);
});

it('a consume quota at the source slows the link down: exact, and the lag is known meanwhile', async () => {
  const { l, topic } = await limited(source, { consumer_byte_rate: 200_000 }, 2_600_000);
  await l.until('the link says so, and how far it is behind', () => {
    const { partitions } = l.mirror(topic);
    const behind = partitions.filter((p) => p.lagSource > p.mirrorHighWatermark && p.source?.heldBack);
    return /consumer_byte_rate/.test(l.runner.message ?? '') && behind.length > 0;
  });
  await l.caughtUp();
  expect((await same(topic)).records).toBeGreaterThanOrEqual(260);
  expect(troubles(l)).toEqual([]);
});
