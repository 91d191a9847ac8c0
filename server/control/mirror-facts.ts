// One row per wanted mirror, from the catalog and the newest frame: what the table, the link's card and REST are made from. Pure.

import type { Lag, MirrorRow, MirrorState } from '@/lib/contracts/link';
import type { OpenOperation } from '@/lib/contracts/operation';
import type { EngineStatus } from '@/server/engine-port';
import { emptyLag, type LagNumbers, type LagSum, lagNote } from '@/server/metrics/lag';
import type { Metrics } from '@/server/metrics/metrics';
import type { StoredOperation } from '@/server/store/operations';
import type { CatalogLink, CatalogMirror } from './catalog';

/** A row without its trend, which only the rows on the screen need, and with its lag as numbers to sort by. */
export type MirrorFact = Omit<MirrorRow, 'trend' | 'lag' | 'verification'> & { lag: LagSum };

export function mirrorFacts(link: CatalogLink, metrics: Metrics, engine: EngineStatus): MirrorFact[] {
  const frame = metrics.frame?.links.get(link.id);
  const facts: MirrorFact[] = [];
  for (const wanted of link.mirrors.values()) {
    if (wanted.stopped !== null) {
      facts.push(stopped(wanted, wanted.stopped));
      continue;
    }
    const seen = frame?.mirrors.get(wanted.topic);
    if (!seen) {
      facts.push(notSeen(link, wanted, engine));
      continue;
    }
    const { mirror, lag } = seen;
    const note = lagNote(lag, mirror.partitions);
    facts.push({
      topic: wanted.topic,
      sourceTopic: wanted.sourceTopic,
      state: mirror.state,
      error: mirror.error,
      message: note === null ? mirror.message : [mirror.message, note].filter(Boolean).join(' '),
      since: mirror.since,
      partitions: mirror.partitions > 0 ? mirror.partitions : null,
      compacted: mirror.compacted,
      lag,
      // A rate is about now; a silent engine says nothing about now.
      bytesPerSecond: engine === 'SILENT' ? null : seen.rates.bytesPerSecond,
      recordsPerSecond: engine === 'SILENT' ? null : seen.rates.recordsPerSecond,
      attention: metrics.attention(link.id, wanted.topic),
      operation: wanted.operation && openOperation(wanted.operation),
      stopped: null,
      lock: mirror.lock === null ? null : (frame?.link.locks[mirror.lock] ?? null),
    });
  }
  return facts;
}

export function lagView(lag: LagNumbers & { unknown?: number }): Lag {
  const { unknown = 0 } = lag;
  return {
    messages: lag.messages === null ? null : lag.messages.toString(),
    bytes: lag.bytes === null ? null : lag.bytes.toString(),
    seconds: lag.seconds,
    ...(lag.messages !== null && unknown > 0 ? { leftOut: unknown } : {}),
  };
}

/** The step that it is at: the first that is not done. */
export function openOperation({ id, kind, startedAtMs, steps }: StoredOperation): OpenOperation {
  const step = steps.find(({ state }) => state === 'RUNNING' || state === 'FAILED') ?? null;
  return {
    ...{ id, kind, startedAt: startedAtMs },
    ...{ step: step?.name ?? null, since: step?.since ?? null, detail: step?.detail ?? null },
  };
}

/** An ordinary topic of the destination by now: nobody looks at it, and nothing lags. */
function stopped(mirror: CatalogMirror, how: NonNullable<CatalogMirror['stopped']>): MirrorFact {
  return {
    topic: mirror.topic,
    sourceTopic: mirror.sourceTopic,
    state: 'STOPPED',
    error: 'NO_ERROR',
    message: null,
    since: how.at,
    partitions: how.partitions,
    compacted: null,
    lag: emptyLag(),
    bytesPerSecond: null,
    recordsPerSecond: null,
    attention: false,
    operation: null,
    stopped: how,
    lock: null,
  };
}

function notSeen(link: CatalogLink, wanted: CatalogMirror, engine: EngineStatus): MirrorFact {
  const linkPaused = link.settings['cluster.link.paused'];
  const pausedState = wanted.paused ? 'PAUSED' : linkPaused ? 'LINK_PAUSED' : 'PENDING_MIRROR';
  return {
    topic: wanted.topic,
    sourceTopic: wanted.sourceTopic,
    state: endingState(wanted) ?? pausedState,
    error: 'NO_ERROR',
    message:
      engine === 'SILENT'
        ? 'The engine is not running; this mirror goes on when it is back.'
        : 'Waiting for the engine to report this mirror.',
    since: wanted.createdAtMs,
    partitions: null,
    compacted: null,
    lag: emptyLag(),
    bytesPerSecond: null,
    recordsPerSecond: null,
    attention: false,
    operation: wanted.operation && openOperation(wanted.operation),
    stopped: null,
    lock: null,
  };
}

/** Before the engine has said anything of it. */
function endingState({ operation }: CatalogMirror): MirrorState | null {
  if (operation === null) return null;
  return operation.kind === 'REVERSE' ? 'PENDING_SYNCHRONIZE' : 'PENDING_STOPPED';
}
