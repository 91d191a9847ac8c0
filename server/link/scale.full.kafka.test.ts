// Many mirrors and very old heads on one link: exact, within its memory. Figures belong to the bench. About 150 s.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, deleteRecords } from '@/harness/topics';
import { appendFillers } from './testing/fillers';

const source = suiteCluster({ name: 'large-source', heapMb: 512 });
const destination = suiteCluster({ name: 'large-destination', heapMb: 512 });
const { link, same, traffic, transactions, atEnd } = linkSuite({ source, destination, name: 'scale' });

const LIMIT_MS = 600_000;

describe('one link', () => {
  it(
    'mirrors 400 topics of 4 partitions and one of 1,000, also when it is stopped and started under load',
    async () => {
      const { bootstrap } = source();
      const many = Array.from({ length: 400 }, () => uniqueName('many'));
      const wide = uniqueName('wide');
      await inGroups(many, 10, (topic) => createTopic({ bootstrap, topic, partitions: 4 }));
      await createTopic({ bootstrap, topic: wide, partitions: 1_000 });
      await inGroups(many, 10, (topic) => produce({ bootstrap, records: { topic, count: 40, keys: 10 } }));
      await produce({ bootstrap, records: { topic: wide, count: 20_000 } });

      const limit = 33_554_432;
      const settings = { 'link.memory.bytes': limit };
      let l = link({ topics: [...many, wide], settings });
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, l.runner.context.budget.pool.inUseBytes);
      }, 50);
      atEnd(() => clearInterval(watch));
      await l.caughtUp(LIMIT_MS);

      const writing = [
        await traffic({ records: { topic: wide }, ratePerSecond: 2_000 }),
        await transactions(many[0] as string, 100),
      ];
      for (let round = 0; round < 3; round++) {
        await l.goesOn([many[0] as string], { limitMs: LIMIT_MS });
        expect(await l.stop()).not.toBeNull();
        l = link({ topics: [...many, wide], settings, facts: l });
      }
      await Promise.all(writing.map((running) => running.stop()));
      await l.caughtUp(LIMIT_MS);
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(limit);
      expect((await same(wide)).partitions).toBe(1_000);
      for (const topic of many) expect((await same(topic)).records).toBeGreaterThanOrEqual(40);
    },
    2 * LIMIT_MS,
  );

  it(
    'stands for a head of 100 million deleted offsets',
    async () => {
      const { bootstrap } = source();
      const topic = uniqueName('old-head');
      const deleted = 100_000_000;
      await createTopic({ bootstrap, topic });
      await appendFillers(source(), topic, deleted, 100_000);
      await produce({ bootstrap, records: { topic, count: 1_000 } });
      await deleteRecords({ bootstrap, topic, before: new Map([[0, BigInt(deleted)]]) });
      const l = link({ topics: [topic] });
      await l.caughtUp(LIMIT_MS);
      await l.until(
        'the mirror begins where the source does',
        () => l.mirror(topic).partitions[0]?.mirrorStart === BigInt(deleted),
        LIMIT_MS,
      );
      expect((await same(topic, { expectMirrorStart: 'equal' })).records).toBe(1_000);
    },
    LIMIT_MS,
  );
});

async function inGroups<T>(all: T[], size: number, work: (one: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += size) await Promise.all(all.slice(at, at + size).map(work));
}
