// Reads the times of some records after a sweep, for the next one: one small fetch a leader, none at a broker that is silent.
import { ErrorCode, KafkaError } from '@/server/kafka/wire/errors';
import { askRecords, type PeekAnswer } from './ask-record';
import { isRefusal } from './gaps';
import { peekLimitMs } from './limits';
import type { Peek } from './record-times';
import type { Memory } from './run';

export async function peekRecords(memory: Memory, now: () => number): Promise<void> {
  const byLeader = new Map<number, Peek[]>();
  for (const peek of memory.times.take()) {
    const peeks = byLeader.get(peek.leader);
    if (peeks) peeks.push(peek);
    else byLeader.set(peek.leader, [peek]);
  }
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, peekLimitMs);
  });
  const all = [...byLeader].map(([leader, peeks]) => peekAt(memory, leader, peeks, now));
  await Promise.race([Promise.all(all), limit]);
  clearTimeout(timer);
}

async function peekAt(memory: Memory, leader: number, peeks: Peek[], now: () => number): Promise<void> {
  const lane = memory.lanes.get(leader);
  if (lane?.reachable !== true || lane.suspect) return;
  try {
    for (const answer of await askRecords(await lane.connection('sweep'), peeks))
      learn(memory, answer, now());
  } catch (error) {
    // Silence is told by the next sweep.
    if (!(error instanceof KafkaError)) throw error;
  }
}

function learn({ times }: Memory, { peek, errorCode, next, lastStable }: PeekAnswer, nowMs: number): void {
  // Retention has taken it: what is read next begins where the log does.
  if (errorCode === ErrorCode.OFFSET_OUT_OF_RANGE)
    times.learn(peek, nowMs, { time: null, nothingUpTo: null });
  else if (isRefusal(errorCode)) times.refused(peek.topic, nowMs, true);
  else if (errorCode !== 0) return;
  else if (next === null) times.refused(peek.topic, nowMs, false);
  else if (next.kind === 'RECORD') {
    const time = next.atMs === null ? null : { atMs: next.atMs, offset: next.offset };
    times.learn(peek, nowMs, { time, nothingUpTo: null });
  } else if (next.upTo === peek.offset) times.nothingCame(peek, nowMs, lastStable);
  else {
    const nothingUpTo = next.upTo > lastStable ? lastStable : next.upTo;
    times.learn(peek, nowMs, { time: null, nothingUpTo });
  }
}
