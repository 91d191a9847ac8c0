// Existing topics on the destination: nothing of theirs may be deleted that wasn't proven to be the source's. About 8 s.
import { expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, deleteRecords, listOffsets } from '@/harness/topics';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same } = linkSuite({ source, destination, name: 'adopt' });

it('refuses a topic whose records the source has none of any more, and leaves them alone', async () => {
  const topic = uniqueName('foreign');
  for (const { bootstrap } of [source(), destination()]) await createTopic({ bootstrap, topic });
  const { bootstrap } = source();
  await produce({ bootstrap, records: { topic, count: 2_000, seed: 1 } });
  await deleteRecords({ bootstrap, topic, before: new Map([[0, 1_000n]]) });
  await produce({ bootstrap: destination().bootstrap, records: { topic, count: 100, seed: 99 } });
  const l = link({ topics: [topic] });
  await l.until('the mirror is refused', () => l.runner.topics.get(topic)?.phase === 'FAILED');
  expect(l.mirror(topic).explain).toMatch(/holds offsets 0 to 99, of which the source has none any more/);
  const place = { bootstrap: destination().bootstrap, topic };
  expect((await listOffsets({ ...place, at: 'earliest' })).get(0)).toBe(0n);
  expect((await listOffsets({ ...place, at: 'latest' })).get(0)).toBe(100n);
});

it('keeps what was mirrored when a mirror is added again with another start', async () => {
  const { bootstrap } = source();
  const topic = uniqueName('again');
  await createTopic({ bootstrap, topic });
  await produce({ bootstrap, records: { topic, count: 1_000, seed: 1 } });
  const name = uniqueName('again');
  const first = link({ topics: [topic], name });
  await first.caughtUp();
  await first.stop();
  await produce({ bootstrap, records: { topic, count: 500, seed: 1, firstIndex: 1_000 } });
  const second = link({ topics: [topic], name, settings: { 'mirror.start.offset.spec': 'latest' } });
  await second.caughtUp();
  expect((await same(topic, { expectMirrorStart: 'equal' })).records).toBe(1_500);
});
