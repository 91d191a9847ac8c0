// Partitions whose last stable offset stands still behind an open transaction: which they are, and whose transaction it is.
import { askHolders, type Holder } from './ask-transactions';
import { heldAsked } from './limits';
import { asking, type Run } from './run';
import type { Asked } from './step';
import type { HeldSeen } from './sweep';

type Held = { topic: string; partition: number; leader: number; blocked: bigint; heldFrom: bigint };

/** Offsets behind the last stable one, which was the same in the sweep before: not just a producer at work. The most held back first. */
export function heldPartitions({ shape, memory }: Run): Held[] {
  const before = memory.last;
  if (!before) return [];
  const { topics, partitions: p } = shape;
  const held: Held[] = [];
  for (let at = 0; at < p.leader.length; at++) {
    const [stable, high] = [p.lastStable[at], p.highWatermark[at]] as [bigint, bigint];
    if (stable < 0n || high <= stable) continue;
    const t = p.topic[at] as number;
    const topic = topics.names[t] as string;
    const old = before.topics.byName.get(topic);
    if (old === undefined) continue;
    const partition = at - (topics.first[t] as number);
    if (before.partitions.lastStable[(before.topics.first[old] as number) + partition] !== stable) continue;
    held.push({ topic, partition, leader: p.leader[at] as number, blocked: high - stable, heldFrom: stable });
  }
  return held.sort((a, b) => (a.blocked > b.blocked ? -1 : 1));
}

/** Asks leaders who holds them; needs Read on the topic. */
export function askHeld(run: Run, held: readonly Held[]): { seen: () => HeldSeen[]; asked: Asked[] } {
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
