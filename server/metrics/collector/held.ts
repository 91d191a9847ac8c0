// Partitions whose last stable offset stands still behind an open transaction: which they are, and whose transaction it is.
import { askHolders, type Holder } from './ask-transactions';
import { heldAsked } from './limits';
import { asking, type Run } from './run';
import type { Asked } from './step';
import type { ClusterSweep, HeldSeen } from './sweep';

type Held = { topic: string; partition: number; leader: number; blocked: bigint; heldFrom: bigint };

/** `whole`: of every partition it was told whether it is held. */
export type HeldPartitions = { held: Held[]; whole: boolean };

/**
 * Offsets behind the last stable one, which was the same in the sweep before: not just a producer at work. The most held back first.
 * To be called after `compare`.
 */
export function heldPartitions({ shape, memory }: Pick<Run, 'shape' | 'memory'>): HeldPartitions {
  const before = memory.last;
  const { topics, partitions: p } = shape;
  const held: Held[] = [];
  let whole = true;
  for (let at = 0; at < p.leader.length; at++) {
    const leader = p.leader[at] as number;
    const stable = p.lastStable[at] as bigint;
    const high = p.highWatermark[at] as bigint;
    if (leader < 0 || (before !== null && p.isNew[at] === 1)) continue;
    if (stable < 0n || high < 0n) whole = false;
    else if (high > stable) {
      const t = p.topic[at] as number;
      const topic = topics.names[t] as string;
      const partition = at - (topics.first[t] as number);
      const stood = before === null ? -1n : stableOf(before, topic, partition);
      if (stood < 0n) whole = false;
      else if (stood === stable)
        held.push({ ...{ topic, partition, leader }, blocked: high - stable, heldFrom: stable });
    }
  }
  return { held: held.sort((a, b) => (a.blocked > b.blocked ? -1 : 1)), whole };
}

function stableOf({ topics, partitions }: ClusterSweep, topic: string, partition: number): bigint {
  const first = topics.first[topics.byName.get(topic) as number] as number;
  return partitions.lastStable[first + partition] as bigint;
}

/** Asks leaders who holds them; needs Read on the topic. */
export function askHeld(run: Run, { held }: HeldPartitions): { seen: () => HeldSeen[]; asked: Asked[] } {
  const holders = new Map<string, Holder>();
  const asked = run.lanes.flatMap((lane) => {
    const led = held.slice(0, heldAsked).filter(({ leader }) => leader === lane.id);
    if (led.length === 0) return [];
    return [
      asking(run, 'RECORD_TIMES', lane, async () => {
        const told = await askHolders(await lane.connection('sweep'), led);
        return () => {
          for (const [key, holder] of told)
            if (typeof holder === 'number') {
              const name = key.slice(0, key.lastIndexOf('/'));
              run.gaps.code('RECORD_TIMES', lane.id, holder, { kind: 'topic', name });
            } else if (holder) holders.set(key, holder);
        };
      }),
    ];
  });
  const seen = () =>
    held.map(({ topic, partition, blocked }): HeldSeen => {
      const holder = holders.get(`${topic}/${partition}`);
      return {
        topic,
        partition,
        blocked,
        producerId: holder?.producerId ?? null,
        producerEpoch: holder?.producerEpoch ?? null,
        lastWriteMs: holder?.lastWriteMs ?? null,
      };
    });
  return { seen, asked };
}
