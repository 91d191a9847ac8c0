// Waits until the topic that may be deleted holds still: nobody writes to it, and no transaction is open, whose end would otherwise be written to the
// topic that takes its place.
import { abortTransactions, namedTransactions, openTransactions } from '../ending/open-transactions';
import { endPending, namedPending, pendingTransactions } from '../ending/pending-transactions';
import { type SourceLook, SourceLooks } from '../ending/source-look';
import type { Remake } from './remake';

/** Null: there is no topic. */
export type Quiet = SourceLook | null;

export async function untilQuiet(remake: Remake): Promise<Quiet> {
  const { core, topic, work, steps } = remake;
  if (!work.old) {
    steps.skip('QUIET', 'There is no topic.');
    return null;
  }
  const looks = new SourceLooks(core.context.destination);
  const { quietMs, openTransactions: open } = remake.wish.request.options;
  let since = performance.now();
  let before: SourceLook | null = null;
  let found: Quiet = null;
  await remake.until('QUIET', async () => {
    const look = await looks.look(topic.name);
    if (look.ends.size < look.partitions) return 'Not every partition has a leader that answers.';
    const { destination } = core.context;
    const held = [...look.ends.values()].filter((end) => end.lastStable < end.highWatermark);
    // Also those that have written nothing here: their markers carry the name, and would come to the topic that takes it.
    const pending = await pendingTransactions(destination, topic.name);
    if (held.length > 0 || pending.length > 0) {
      const named = pending.length > 0 ? null : await openTransactions(destination, held);
      // A marker that their coordinators know nothing of would be followed by another one.
      if (open === 'abort' && named) await abortTransactions(destination, look.ends, named.open);
      else if (open === 'abort') await endPending(destination, pending);
      since = performance.now();
      before = null;
      const whose = named
        ? (named.untold ?? namedTransactions(named.open, Date.now()))
        : namedPending(pending);
      return `Transactions are open: ${whose}. ${open === 'abort' ? 'They are being aborted.' : 'Waiting until they end.'}`;
    }
    const moved = before ? movedPartitions(before, look) : [];
    const first = before === null;
    before = look;
    if (first || moved.length > 0) since = performance.now();
    if (moved.length > 0)
      return `Still written to: partitions ${moved.slice(0, 10).join(', ')}. Stop whoever writes to ${topic.name} on ${core.desired.destination.name}.`;
    if (first || performance.now() - since < quietMs) return 'Looking whether anybody writes.';
    found = look;
    return null;
  });
  steps.done('QUIET');
  return found;
}

export function movedPartitions(before: SourceLook, after: SourceLook): number[] {
  return [...after.ends].flatMap(([index, end]) => {
    const was = before.ends.get(index);
    return was?.logEnd === end.logEnd && was.highWatermark === end.highWatermark ? [] : [index];
  });
}
