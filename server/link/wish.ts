// Applies a changed wish to a running link: mirrors that come and go, pauses, settings, credentials. What follows from it is left to the parts of the link.
import type { DesiredLink, DesiredMirror } from '@/lib/contracts/engine';
import type { MirrorError } from '@/lib/contracts/link';
import { adoptCredentials } from './credentials';
import type { LinkCore } from './link-core';
import type { MirrorTopic } from './mirror-topic';
import { isAccepted, tryAgain } from './try-again';

/** Failures after which the mirror still is an exact prefix: the cause may be gone. */
const MENDABLE: ReadonlySet<MirrorError> = new Set([
  'RECORD_TOO_LARGE',
  'SOURCE_RANGE_LOST',
  'ILLEGAL_STATE',
]);

export function applyWish(core: LinkCore, desired: DesiredLink): void {
  adoptCredentials(core, desired);
  const linkWasPaused = core.paused;
  // How the engine before this one stopped is told once, with the first wish.
  core.desired = {
    ...desired,
    mirrors: desired.mirrors.flatMap((mirror) => stillWanted(core, mirror)),
    cleanStopEpoch: core.desired.cleanStopEpoch,
  };
  core.context.settings = desired.settings;
  core.context.budget.setLimit(desired.settings['link.memory.bytes']);
  const { mirrors } = core.desired;
  const wanted = new Set(mirrors.map((m) => m.topic));
  for (const [name, topic] of core.topics) if (!wanted.has(name)) forget(core, topic);
  for (const mirror of mirrors) {
    const topic = core.topics.get(mirror.topic);
    if (!topic) {
      core.take(mirror);
      continue;
    }
    const wasPaused = linkWasPaused || topic.halted;
    // The store may not have heard yet what was learnt here.
    const { starts, created, consistentAt, advice } = topic.desired;
    // While its topic is made anew, nothing that was true of the one before may come back with a wish from earlier.
    const own = topic.remaking !== null;
    topic.desired = {
      ...mirror,
      starts: own ? starts : (starts ?? mirror.starts),
      created: own ? created : created || mirror.created,
      turn: own ? (topic.desired.turn ?? null) : (mirror.turn ?? null),
      consistentAt: consistentAt ?? mirror.consistentAt,
      advice: advice ?? mirror.advice,
    };
    const paused = core.paused || topic.halted;
    applyPause(core, topic, paused);
    if (wasPaused && !paused) tryFailedAgain(core, topic);
    goOnBehindLosses(core, topic);
  }
}

/** What this engine has ended is ended, also where the wish was sent before the store knew. */
function stillWanted(core: LinkCore, mirror: DesiredMirror): DesiredMirror[] {
  const remade = mirror.remake && core.endedOperations.get(mirror.remake.operationId);
  if (mirror.remake && remade) {
    const { kind, deleting } = mirror.remake;
    return kind === 'FAILBACK' && remade !== 'DONE' && !deleting ? [] : [{ ...mirror, remake: null }];
  }
  const outcome = mirror.ending && core.endedOperations.get(mirror.ending.operationId);
  if (!outcome) return [mirror];
  return outcome === 'DONE' ? [] : [{ ...mirror, ending: null }];
}

function applyPause(core: LinkCore, topic: MirrorTopic, paused: boolean): void {
  for (const partition of topic.partitions) {
    if (paused && (partition.mode === 'RUNNING' || partition.mode === 'HEAD')) {
      // What is in flight settles; the rest is fetched again.
      partition.dropQueue();
      partition.mode = 'STOPPED';
      core.context.fetchChanged(partition);
    } else if (!paused && partition.mode === 'STOPPED' && core.fatal === null) {
      core.context.recover(partition, 'resumed');
    }
  }
}

/** A pause and a resume make a partition try again after what a person can mend: a limit, a config, a setting. */
function tryFailedAgain(core: LinkCore, topic: MirrorTopic): void {
  // A topic that failed as a whole is another one by now, or gone.
  if (topic.phase === 'FAILED') return;
  for (const partition of topic.partitions) {
    if (partition.mode !== 'FAILED' || !MENDABLE.has(partition.error)) continue;
    if (core.differs(partition)) continue;
    tryAgain(core, topic, partition);
  }
}

function goOnBehindLosses(core: LinkCore, topic: MirrorTopic): void {
  for (const partition of topic.partitions) {
    const { mode, lost } = partition;
    if (mode === 'FAILED' && lost && isAccepted(topic, partition, lost.to)) tryAgain(core, topic, partition);
  }
}

/** Until something that has just been sent is certain to be there or not to come. */
function longestFateMs({ context }: LinkCore): number {
  const { produceTimeoutMs, halfCloseWaitMs, unknownFateWaitMs } = context.tuning;
  return produceTimeoutMs + halfCloseWaitMs + unknownFateWaitMs;
}

/** The link has nothing to do with it any more. */
export function forget(core: LinkCore, topic: MirrorTopic): void {
  core.topics.delete(topic.name);
  core.destinationIds.delete(topic.name);
  dropPartitions(core, topic);
}

/** Its partitions are not worked on any more. What was sent for them may still arrive: whoever mirrors to the topic again heeds that. */
export function dropPartitions(core: LinkCore, topic: MirrorTopic): void {
  const now = performance.now();
  const late = topic.partitions.some((p) => p.outstanding > 0 || p.settling > 0 || p.unsafeUntilMs > now);
  // Whoever mirrors it again in this run does not know these partitions.
  if (late) core.lateUntilMs.set(topic.name, now + longestFateMs(core));
  for (const partition of topic.partitions) {
    partition.generation++;
    partition.dropQueue();
    partition.mode = 'STOPPED';
    core.context.stopFetching(partition);
    core.context.stopWriting(partition);
    core.context.forgetRecovery(partition);
  }
}
