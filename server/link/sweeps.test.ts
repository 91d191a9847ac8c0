import { describe, expect, it } from 'vitest';
import { MirrorPartition, type PartitionMode } from './partition';
import { takenFrom } from './sweeps';

function mirror(at: { start: bigint; mirrorStart: bigint; mode?: PartitionMode }): MirrorPartition {
  const partition = new MirrorPartition({
    linkId: 'l',
    topic: 'mirror',
    sourceTopic: 'source',
    sourceTopicId: '0',
    index: 0,
  });
  return Object.assign(partition, { placed: true, headDone: true, mode: 'RUNNING' as const }, at);
}
const see = (partition: MirrorPartition, sourceStart: bigint) =>
  partition.sourceSeen(sourceStart, 1_000n, 1_000n, 0);

describe('what is missing at the start of a mirror', () => {
  it('was taken by somebody else when neither the start nor the source explains it', () => {
    const p = mirror({ start: 0n, mirrorStart: 600n });
    see(p, 0n);
    expect(takenFrom(p)).toBe(0n);
    see(p, 200n);
    expect(takenFrom(p)).toBe(200n);
    see(p, 600n);
    expect(takenFrom(p)).toBeNull();
    expect(takenFrom(mirror({ start: 600n, mirrorStart: 600n }))).toBeNull();
  });

  it('is not missing where a new leader of the source names an older start than the one that was followed', () => {
    const p = mirror({ start: 0n, mirrorStart: 600n });
    see(p, 600n);
    see(p, 550n);
    expect(takenFrom(p)).toBeNull();
  });

  it('is not looked for before both sides are known, nor while a head is filled', () => {
    const unknown = mirror({ start: 0n, mirrorStart: 600n });
    expect(takenFrom(unknown)).toBeNull();
    for (const change of [
      { placed: false },
      { headDone: false },
      { mode: 'HEAD' as const },
      { mode: 'FAILED' as const },
    ]) {
      const p = Object.assign(mirror({ start: 0n, mirrorStart: 600n }), change);
      see(p, 0n);
      expect(takenFrom(p)).toBeNull();
    }
  });
});
