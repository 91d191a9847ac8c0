// What is kept of a link's groups when topics that it had mirrored are deleted.
import { expect, it } from 'vitest';
import type { StoredGroup } from '@/lib/contracts/engine';
import type { LinkPorts } from '../link-core';
import { markOf } from './group-memory';
import { MemoryKeeper } from './memory-keeper';

it('forgets what was committed on topics that are deleted, and groups of which nothing is left', async () => {
  const stored = new Map<string, StoredGroup>();
  const keepGroups: LinkPorts['keepGroups'] = async ({ put, remove }) => {
    for (const group of put) stored.set(group.group, group);
    for (const group of remove) stored.delete(group);
  };
  const ports = { keepGroups, recallGroups: async () => [...stored.values()] } as LinkPorts;
  const keeper = new MemoryKeeper(ports);
  await keeper.load();
  keeper.of('billing').taken('orders', 0, markOf(5n, ''));
  keeper.of('billing').taken('clicks', 0, markOf(7n, ''));
  keeper.of('shipping').taken('orders', 0, markOf(5n, ''));
  keeper.of('audit').taken('orders', 0, markOf(5n, ''));
  keeper.of('audit').markUsed('a consumer of its own', 1);
  await keeper.save();
  await keeper.forgetTopics(['orders']);

  const next = new MemoryKeeper(ports);
  await next.load();
  expect(
    next
      .all()
      .map(({ group }) => group)
      .sort(),
  ).toEqual(['audit', 'billing']);
  expect([next.of('billing').knows('orders'), next.of('billing').knows('clicks')]).toEqual([false, true]);
  // Whoever used it there has done so: hands stay off.
  expect(next.of('audit').used?.what).toBe('a consumer of its own');
});
