// What is known of a source while its reader can't ask: nothing new, and it says so.
import { expect, it } from 'vitest';
import { MemoryBudget } from './budget';
import { FETCH_SLAB_BYTES } from './defaults';
import type { LinkContext } from './link-context';
import { MirrorPartition } from './partition';
import { SourceReader } from './source-reader';

it('that waits for memory does not count as a source that has nothing new', async () => {
  const budget = new MemoryBudget(2 * FETCH_SLAB_BYTES);
  // As held by what a broker of the destination has not acknowledged yet.
  const taken = await Promise.all([budget.reserve(FETCH_SLAB_BYTES), budget.reserve(FETCH_SLAB_BYTES)]);
  // Of a link only what a reader goes by before it asks.
  const link = { budget, stopping: false, throttleUntilMs: Number.NEGATIVE_INFINITY, settings: {} };
  const reader = new SourceReader(link as unknown as LinkContext, 1, () => {});
  const partition = new MirrorPartition({
    ...{ linkId: 'l', topic: 't', sourceTopic: 't', sourceTopicId: '0', index: 0 },
  });
  Object.assign(partition, { mode: 'RUNNING', sourceLeader: 1 });
  partition.sourceSeen(0n, 100n, 100n, 1_000);
  reader.add(partition);
  await expect.poll(() => budget.waiting, { timeout: 10_000 }).toBe(1);
  expect(reader.heldBack).toBe(true);
  expect(partition.sourceKnownAt).toBe(1_000);
  reader.close();
  for (const release of taken) release();
  await expect.poll(() => reader.heldBack, { timeout: 10_000 }).toBe(false);
});
