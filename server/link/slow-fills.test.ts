// What the slower way of filling means for a topic that is to be mirrored.
import { describe, expect, it } from 'vitest';
import { clusterConfig } from '@/lib/contracts/cluster';
import { judgeSlowFills } from './slow-fills';

const cloud = clusterConfig.parse({ name: 'cloud', bootstrapServers: ['k1:9092'] });
const measured = { way: 'TRANSACTIONS', gapsPerSecond: 200, offsetsPerSecond: 2_000 } as const;

describe('a topic whose gaps are filled by empty transactions', () => {
  it('has nothing to say when it has no gaps', () => {
    expect(judgeSlowFills(null, 1_000n, measured, cloud)).toEqual({ ok: true, message: '' });
  });

  it('is taken while it makes less than half of the gaps that were measured, with both figures', () => {
    const { ok, message } = judgeSlowFills({ gapsPerSecond: 99, density: 0.5 }, 0n, measured, cloud);
    expect(ok).toBe(true);
    expect(message).toContain('about 99 gaps a second');
    expect(message).toContain('200 a second were measured');
  });

  it('is refused when it makes more, with the right that would help', () => {
    const { ok, message } = judgeSlowFills({ gapsPerSecond: 101, density: 0.5 }, 0n, measured, cloud);
    expect(ok).toBe(false);
    expect(message).toContain('fall behind for good');
    expect(message).toContain('--operation Alter --cluster');
  });

  it('is told how long its backlog takes when that is long', () => {
    const backlog = 60_000n;
    const { message } = judgeSlowFills({ gapsPerSecond: 1, density: 0.5 }, backlog, measured, cloud);
    // 30,000 gaps at 100 a second.
    expect(message).toContain('Catching up takes about 5 minutes.');
  });

  it('is taken, with a warning, where nothing could be measured', () => {
    const { ok, message } = judgeSlowFills({ gapsPerSecond: 5, density: 0.5 }, 0n, null, cloud);
    expect(ok).toBe(true);
    expect(message).toContain('could not be measured');
  });
});
