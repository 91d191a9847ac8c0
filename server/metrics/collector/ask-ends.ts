// Starts and ends of all partitions of one cluster, each broker asked once for those that it leads, in columns.
import { OFFSET_EARLIEST, OFFSET_LATEST } from '@/server/kafka/wire/apis/list-offsets';
import { type TopicEnds, topicEnds } from '@/server/kafka/wire/apis/topic-ends';
import { partitionsARequest, requestTimeoutMs } from './limits';
import { asking, type Run } from './run';
import type { Shape } from './shape';
import type { Asked } from './step';

type TopicPlaces = { topic: string; partitions: number[] };
/** Of one leader, as requests of a size that holds nobody up. */
export type Led = TopicPlaces[][];

export function ledBy({ topics, partitions }: Shape): Map<number, Led> {
  const leaders = new Map<number, { requests: Led; room: number }>();
  for (let at = 0; at < partitions.leader.length; at++) {
    const leader = partitions.leader[at] as number;
    if (leader < 0) continue;
    const t = partitions.topic[at] as number;
    const topic = topics.names[t] as string;
    let led = leaders.get(leader);
    if (!led) {
      led = { requests: [], room: 0 };
      leaders.set(leader, led);
    }
    if (led.room === 0) {
      led.requests.push([]);
      led.room = partitionsARequest;
    }
    led.room--;
    const request = led.requests.at(-1) as TopicPlaces[];
    const last = request.at(-1);
    const partition = at - (topics.first[t] as number);
    if (last?.topic === topic) last.partitions.push(partition);
    else request.push({ topic, partitions: [partition] });
  }
  return new Map([...leaders].map(([leader, { requests }]) => [leader, requests]));
}

type Question = { timestamp: bigint; readCommitted: boolean };
export const EARLIEST: Question = { timestamp: OFFSET_EARLIEST, readCommitted: false };
export const HIGH_WATERMARK: Question = { timestamp: OFFSET_LATEST, readCommitted: false };
export const LAST_STABLE: Question = { timestamp: OFFSET_LATEST, readCommitted: true };
/** A question and the column that its answers go to. */
export type End = readonly [Question, BigInt64Array];

/** Every leader is asked all questions about some partitions before the next ones, so that answers about one are close together. */
export function askLeaders(run: Run, led: ReadonlyMap<number, Led>, ends: readonly End[]): Asked[] {
  for (const leader of led.keys())
    if (!run.lanes.some(({ id }) => id === leader))
      run.gaps.missing('OFFSETS', leader, `Broker ${leader} leads partitions and is not in service.`);
  return run.lanes.flatMap((lane) => {
    const requests = led.get(lane.id);
    if (!requests) return [];
    return [
      asking(run, 'OFFSETS', lane, async () => {
        const connection = await lane.connection('control');
        const answers = await Promise.all(
          requests.flatMap((topics) =>
            ends.map(async ([question, column]) => ({
              column,
              told: await connection.request(topicEnds, { ...question, topics }, limit),
            })),
          ),
        );
        return () => {
          for (const { column, told } of answers) putEnds(run, told, column, lane.id);
        };
      }),
    ];
  });
}

const limit = { timeoutMs: requestTimeoutMs };

/** What a leader did not tell stays unknown. */
function putEnds(run: Run, told: TopicEnds, column: BigInt64Array, broker: number): void {
  const { topics } = run.shape;
  for (const [k, name] of told.topics.entries()) {
    const t = topics.byName.get(name);
    if (t !== undefined) putTopic(run, told, k, topics.first[t] as number, column, broker);
  }
}

/** A function of its own: what loops over a whole cluster once a sweep is compiled anew each time. */
function putTopic(
  { gaps }: Run,
  { topics, first: firstOf, partitions, errorCodes, offsets }: TopicEnds,
  k: number,
  first: number,
  column: BigInt64Array,
  broker: number,
): void {
  for (let i = firstOf[k] as number; i < (firstOf[k + 1] as number); i++) {
    const code = errorCodes[i] as number;
    if (code !== 0) gaps.code('OFFSETS', broker, code, { kind: 'topic', name: topics[k] as string });
    else column[first + (partitions[i] as number)] = offsets[i] as bigint;
  }
}
