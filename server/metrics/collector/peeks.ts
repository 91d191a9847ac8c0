// Reads the times of a few records after a sweep, for the next one: small fetches at commits, a few at a time, none at a broker that is silent.
import { DecodeError, ErrorCode, KafkaError } from '@/server/kafka/wire/errors';
import { askRecord } from './ask-record';
import { isRefusal } from './gaps';
import { peekLimitMs } from './limits';
import type { Peek } from './record-times';
import type { Memory } from './run';

export async function peekRecords(memory: Memory, now: () => number): Promise<void> {
  const peeks = memory.times.take().map((peek) => peekOne(memory, peek, now));
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, peekLimitMs);
  });
  await Promise.race([Promise.all(peeks), limit]);
  clearTimeout(timer);
}

async function peekOne(memory: Memory, peek: Peek, now: () => number): Promise<void> {
  const { times } = memory;
  const lane = memory.lanes.get(peek.leader);
  if (lane?.reachable !== true || lane.suspect) return;
  try {
    const { errorCode, next, lastStable } = await askRecord(await lane.connection('sweep'), peek);
    if (isRefusal(errorCode)) times.refused(peek.topic, now());
    // Retention has taken it: what is read next begins where the log does.
    if (errorCode === ErrorCode.OFFSET_OUT_OF_RANGE)
      times.learn(peek, now(), { time: null, nothingUpTo: null });
    if (next === null) return;
    if (next.kind === 'NOTHING')
      times.learn(peek, now(), { time: null, nothingUpTo: next.upTo > lastStable ? lastStable : next.upTo });
    else
      times.learn(peek, now(), {
        time: next.atMs === null ? null : { atMs: next.atMs, offset: next.offset },
        nothingUpTo: null,
      });
  } catch (error) {
    // Records of a format that is read no more have no time for us; silence is told by the next sweep.
    if (error instanceof DecodeError) times.refused(peek.topic, now());
    else if (!(error instanceof KafkaError)) throw error;
  }
}
