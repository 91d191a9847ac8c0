// How fast empty transactions fill on a cluster, tried out on a scratch topic, and whether each of them really is one offset there.

import type { FillCheck } from '@/lib/contracts/rights';
import { listOffsets, OFFSET_LATEST, REPLICA_DEBUG } from '@/server/kafka/wire/apis/list-offsets';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { Connection } from '@/server/kafka/wire/connection';
import { errorName, KafkaError } from '@/server/kafka/wire/errors';
import { FILL_TRANSACTIONS } from './defaults';
import { FillTransaction } from './fill-transaction';

const MEASURE_MS = 400;
const SET_UP_MS = 20_000;

/**
 * Fills partition 0 of the topic, of which nobody else writes.
 * @throws KafkaError when the ids can't be used, or a transaction was not exactly one offset
 */
export async function measureFills(
  client: ClusterClient,
  leader: Connection,
  topic: string,
  transactionalId: string,
): Promise<FillCheck> {
  const transactions = Array.from(
    { length: FILL_TRANSACTIONS },
    (_, n) => new FillTransaction(client, `${transactionalId}-fill-${n}`, n, () => Promise.resolve()),
  );
  const topics = [{ topic, partitions: [0] }];
  const [first] = transactions as [FillTransaction];
  const untilMs = performance.now() + SET_UP_MS;
  let from = await endOf(leader, topic);
  const check = async (count: number) => {
    const end = await endOf(leader, topic);
    if (end !== from + BigInt(count))
      throw new KafkaError(`${count} empty transactions took ${end - from} offsets of ${topic}`, {
        retriable: false,
      });
    from = end;
  };
  const fill = async (group: readonly FillTransaction[]) => {
    const outcomes = await Promise.all(group.map((transaction) => transaction.append(topics)));
    for (const outcome of outcomes) {
      if (outcome.kind === 'REFUSED')
        throw new KafkaError(`empty transactions: ${errorName([...outcome.errors.values()][0] ?? -1)}`, {
          retriable: false,
        });
      if (outcome.kind === 'UNKNOWN')
        throw new KafkaError(`empty transactions: ${outcome.why}`, { retriable: true });
    }
  };
  await Promise.all(
    transactions.map((t) =>
      t.barrier(
        () => performance.now() > untilMs,
        () => {},
      ),
    ),
  );
  const single = await rateOf(() => fill([first]));
  await check(single.rounds);
  const side = await rateOf(() => fill(transactions));
  await check(side.rounds * transactions.length);
  return {
    way: 'TRANSACTIONS',
    gapsPerSecond: single.perSecond,
    offsetsPerSecond: side.perSecond * transactions.length,
  };
}

async function rateOf(round: () => Promise<void>): Promise<{ rounds: number; perSecond: number }> {
  const beganMs = performance.now();
  let rounds = 0;
  do {
    await round();
    rounds++;
  } while (performance.now() - beganMs < MEASURE_MS);
  return { rounds, perSecond: (rounds * 1_000) / (performance.now() - beganMs) };
}

async function endOf(leader: Connection, topic: string): Promise<bigint> {
  const [answer] = await leader.request(listOffsets, {
    replicaId: REPLICA_DEBUG,
    readCommitted: false,
    topics: [{ topic, partitions: [{ partition: 0, currentLeaderEpoch: -1, timestamp: OFFSET_LATEST }] }],
  });
  if (answer?.errorCode !== 0)
    throw new KafkaError(`ListOffsets: ${errorName(answer?.errorCode ?? -1)}`, { retriable: true });
  return answer.offset;
}
