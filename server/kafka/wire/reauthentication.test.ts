import { describe, expect, it } from 'vitest';
import { reauthenticateAfterMs } from './reauthentication';

describe('when a session is renewed', () => {
  it('lies between 85 and 95 % of its life', () => {
    expect(reauthenticateAfterMs(3_600_000, 0)).toBe(3_060_000);
    expect(reauthenticateAfterMs(3_600_000, 1)).toBe(3_420_000);
  });

  it('is never less than a second after the last one: brokers refuse that', () => {
    expect(reauthenticateAfterMs(500, 0)).toBeGreaterThan(1_000);
  });
});
