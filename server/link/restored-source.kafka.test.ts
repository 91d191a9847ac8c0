// A source whose data directory was restored from an older copy: what it lost is named, never silently mirrored over. About 22 s.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { summarizeTopic } from '@/harness/records';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';

const source = suiteCluster({ name: 'damaged-source' });
const destination = sharedCluster({ name: 'destination' });
const { link, same } = linkSuite({ source, destination, name: 'damaged' });

const broker = () => source().broker(1);
const dataDir = () => join(broker().nodeDir, 'data');

async function add(topic: string, count: number, firstIndex: number): Promise<void> {
  const { bootstrap } = source();
  await produce({ bootstrap, batchBytes: 2_000, records: { topic, count, firstIndex } });
}

describe('a source that was restored from an older copy', () => {
  for (const { what, watched, added } of [
    { what: 'while the link runs', watched: true, added: 0 },
    { what: 'while no engine ran', watched: false, added: 0 },
    { what: 'while no engine ran, and has other records by now', watched: false, added: 900 },
  ]) {
    it(`${what} is named, and the mirror keeps what it has`, async () => {
      const { bootstrap } = source();
      const [topic, untouched] = [uniqueName('restored'), uniqueName('untouched')];
      for (const name of [topic, untouched]) {
        await createTopic({ bootstrap, topic: name });
        await add(name, 500, 0);
      }
      await broker().stop();
      const copy = `${broker().nodeDir}/copy-of-${topic}`;
      await cp(dataDir(), copy, { recursive: true });
      await broker().start();

      await add(topic, 300, 500);
      const l = link({ topics: [topic, untouched] });
      await l.caughtUp();
      if (!watched) await l.stop();
      await broker().stop();
      await rm(dataDir(), { recursive: true });
      await cp(copy, dataDir(), { recursive: true });
      await broker().start();
      if (added > 0) await add(topic, added, 10_000);

      const after = watched ? l : link({ topics: [topic, untouched], facts: l });
      await after.until('the mirror fails', () => after.mirror(topic).state === 'FAILED', 120_000);
      const { error, explain } = after.mirror(topic);
      // 800: where the source ended before; 500 to 799: what it had and hasn't any more.
      expect([error, explain]).toEqual(['UNEXPECTED_TRUNCATION', expect.stringMatching(/\b[5-8]\d\d\b/)]);
      const place = { bootstrap: destination().bootstrap, topic };
      expect((await summarizeTopic(place)).get(0)?.records).toBe(800);

      await add(untouched, 100, 500);
      await after.until(
        'the topic that lost nothing goes on',
        () => after.mirror(untouched).partitions[0]?.mirrorHighWatermark === 600n,
        120_000,
      );
      await same(untouched);
    });
  }
});
