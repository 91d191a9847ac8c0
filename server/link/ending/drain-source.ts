// The first steps of a promote: the source topic is looked at anew, drained, and what travels besides records is synced a last time.

import { DrainWatch, type MirrorPlace } from './drain';
import type { Ending } from './ending';
import { fenceSource } from './fence-source';
import { OperationFailed } from './interruptions';
import {
  abortTransactions,
  type LeftBehind,
  leftBehind,
  namedTransactions,
  openTransactions,
} from './open-transactions';
import { endPending, namedPending, pendingTransactions } from './pending-transactions';
import type { FinalSync } from './ports';
import { type SourceLook, sameTopicId } from './source-look';

export type Drained = {
  look: SourceLook;
  /** Where each partition of the mirror must end. */
  ends: ReadonlyMap<number, bigint>;
  left: ReadonlyMap<number, readonly LeftBehind[]>;
};

/** A last sync is tried again this late. */
const SYNC_RETRY_MS = 500;

export async function drainSource(ending: Ending): Promise<Drained> {
  await ending.until('REFRESH', async () => {
    const look = await ending.parts.sources.look(ending.topic.desired.sourceTopic);
    sameTopic(ending, look);
    const count = ending.topic.partitions.length;
    ending.core.context.refreshMetadata();
    if (count === look.partitions) return null;
    return count === 0
      ? 'The mirror is still being set up.'
      : `The source topic has ${look.partitions} partitions, the mirror ${count} so far: the new ones are added first.`;
  });
  ending.steps.done('REFRESH', `${ending.topic.partitions.length} partitions, the same topic.`);
  await fenceSource(ending);
  const drained = await drain(ending);
  for (const sync of syncsOf(ending)) await finalSync(ending, sync);
  return drained;
}

async function drain(ending: Ending): Promise<Drained> {
  const { core, topic, parts } = ending;
  const watch = new DrainWatch();
  const { quietMs, openTransactions } = ending.wish.options;
  // Both sides of a reverse must hold the same.
  const open = ending.kind === 'REVERSE' && openTransactions === 'leave' ? 'wait' : openTransactions;
  let drained: Drained | null = null;
  await ending.until('DRAIN', async () => {
    const look = await parts.sources.look(topic.desired.sourceTopic);
    sameTopic(ending, look);
    const places = topic.partitions.map((partition) => placeOf(ending, partition));
    const verdict = watch.judge(look, places, { quietMs, leave: open === 'leave' });
    const held = verdict.heldBack.flatMap((index) => look.ends.get(index) ?? []);
    if (!verdict.drained) {
      if (held.length === 0 || open === 'leave') return verdict.waits ?? 'Waiting.';
      const said = await heldBack(ending, look, verdict.heldBack);
      return [verdict.waits, said].filter((sentence) => sentence !== null).join(' ');
    }
    const pending = ending.kind === 'REVERSE' ? await stillPending(ending) : null;
    if (pending !== null) return pending;
    const left = new Map<number, LeftBehind[]>();
    for (const at of held) left.set(at.at.partition, await leftBehind(core.context.source, at));
    drained = { look, ends: verdict.ends, left };
    return null;
  });
  if (drained === null) throw new Error('The drain has ended without a result');
  ending.steps.done('DRAIN', drainedSentence(drained));
  return drained;
}

/** Nothing of them is in the topic yet, but their markers will be. */
async function stillPending(ending: Ending): Promise<string | null> {
  const { source } = ending.core.context;
  const pending = await pendingTransactions(source, ending.topic.desired.sourceTopic);
  if (pending.length === 0) return null;
  const said = `Transactions are open at the source that may still write a marker: ${namedPending(pending)}.`;
  if (ending.wish.options.openTransactions !== 'abort')
    return `${said} Waits until they end; they can also be aborted.`;
  await endPending(source, pending);
  ending.note(`Aborted at the source: ${namedPending(pending)}.`);
  return `${said} They are being aborted.`;
}

async function heldBack(ending: Ending, look: SourceLook, indexes: readonly number[]): Promise<string> {
  const { source } = ending.core.context;
  const held = indexes.flatMap((index) => look.ends.get(index) ?? []);
  const { open, untold } = await openTransactions(source, held);
  const offsets = held.reduce((sum, { highWatermark, lastStable }) => sum + highWatermark - lastStable, 0n);
  const whose =
    open.length > 0 ? namedTransactions(open, look.atMs) : (untold ?? 'their producer is not known any more');
  const said = `Open transactions at the source hold back ${offsets} offsets: ${whose}.`;
  if (ending.wish.options.openTransactions !== 'abort')
    return `${said} Waits until they end; they can also be aborted${ending.kind === 'REVERSE' ? '' : ', or left behind'}.`;
  // A marker that their coordinators know nothing of would be followed by another one.
  if (ending.kind === 'REVERSE') {
    const pending = await pendingTransactions(source, ending.topic.desired.sourceTopic);
    await endPending(source, pending);
    if (pending.length > 0) {
      ending.note(`Aborted at the source: ${namedPending(pending)}.`);
      return `${said} They are being aborted.`;
    }
  }
  await abortTransactions(source, look.ends, open);
  for (const one of open) {
    const message = `Aborted a transaction at the source: ${namedTransactions([one], look.atMs)}.`;
    ending.core.ports.event(ending.topic.name, one.partition, null, 'TRANSACTION_ABORTED', message);
    ending.notes.push(message);
  }
  return `${said} They are being aborted.`;
}

function placeOf(ending: Ending, partition: Ending['topic']['partitions'][number]): MirrorPlace {
  const { index, mode, headDone, mirrorHighWatermark, message } = partition;
  const paused = ending.core.paused || ending.topic.desired.paused;
  return {
    index,
    running: mode === 'RUNNING' && headDone,
    highWatermark: mirrorHighWatermark,
    message: paused ? 'paused; resume it, or take the promote back and fail over.' : message,
  };
}

function sameTopic({ topic }: Ending, look: SourceLook): void {
  if (sameTopicId(topic.sourceTopicId, look.topicId)) return;
  throw new OperationFailed(
    `The source topic ${topic.desired.sourceTopic} was deleted and created again (id ${topic.sourceTopicId} → ${look.topicId}): it is another topic. The mirror holds what the former one had; fail over to stop it as it is.`,
  );
}

function drainedSentence({ ends, left }: Drained): string {
  const all = [...left.values()].reduce((sum, ranges) => sum + ranges.length, 0);
  const said = `Everything that the source shows is safe on ${ends.size} partitions.`;
  return all === 0 ? said : `${said} ${all} ranges behind open transactions are left behind.`;
}

/** What nobody has taken up is skipped, and says so. */
function syncsOf({ parts }: Ending): FinalSync[] {
  return (['SYNC_CONFIGS', 'SYNC_ACLS', 'SYNC_OFFSETS'] as const).map(
    (step) =>
      parts.ports.finalSyncs.find((sync) => sync.step === step) ??
      (step === 'SYNC_CONFIGS' ? configSync(parts) : notConfigured(step)),
  );
}

const configSync = ({ configs }: Ending['parts']): FinalSync => ({
  step: 'SYNC_CONFIGS',
  limitMs: 10_000,
  async run(topic) {
    await configs.learn(topic);
    return { state: 'DONE', detail: null };
  },
});

const notConfigured = (step: FinalSync['step']): FinalSync => ({
  step,
  limitMs: 0,
  run: () => Promise.resolve({ state: 'SKIPPED', detail: 'Not switched on for this link.' }),
});

/** Never waits for ever: after its limit it is left out, with the reason. */
export async function finalSync(ending: Ending, sync: FinalSync): Promise<void> {
  const { step, limitMs } = sync;
  const deadlineMs = performance.now() + limitMs;
  await ending.until(step, async () => {
    const signal = AbortSignal.timeout(Math.max(1_000, Math.ceil(deadlineMs - performance.now())));
    try {
      const part = await sync.run(ending.topic, ending.kind, signal);
      if (part.state === 'DONE') ending.steps.done(step, part.detail);
      else ending.steps.skip(step, part.detail ?? 'Nothing to do.');
    } catch (error) {
      const { message } = error as Error;
      if (performance.now() < deadlineMs) {
        await new Promise((resolve) => setTimeout(resolve, SYNC_RETRY_MS));
        return `${message}. Tried again for at most ${Math.ceil(limitMs / 1000)} s.`;
      }
      ending.steps.skip(step, `Left out after ${Math.ceil(limitMs / 1000)} s: ${message}.`);
      ending.notes.push(`${step} was left out: ${message}.`);
    }
    return null;
  });
}

export const syncFor = ({ parts }: Ending, step: FinalSync['step']): FinalSync =>
  parts.ports.finalSyncs.find((sync) => sync.step === step) ?? notConfigured(step);
