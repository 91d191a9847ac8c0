import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRODUCE_MAX_BYTES, THROTTLE_AIM_MS } from './defaults';
import { ProducePace } from './produce-pace';

const KIB = 1024;

/** Requests of the size that the pace asks for, as many as it lets out, answered one by one. */
function burst(pace: ProducePace, rounds: number): number {
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    const sizes: number[] = [];
    const inFlight = () => sizes.reduce((sum, size) => sum + size, 0);
    while (sizes.length === 0 || inFlight() < pace.inFlightBytes) sizes.push(pace.requestBytes);
    most = Math.max(most, inFlight());
    while (sizes.length > 0) {
      const inFlightBytes = inFlight();
      pace.answered({ bytes: sizes.shift()!, inFlightBytes, throttleMs: 0 });
    }
  }
  return most;
}

test('one request goes first, and more follow as fast as they are answered', () => {
  const pace = new ProducePace();
  expect(pace.inFlightBytes).toBe(PRODUCE_MAX_BYTES);
  expect(burst(pace, 1)).toBe(PRODUCE_MAX_BYTES);
  expect(burst(pace, 10)).toBeGreaterThanOrEqual(20 * PRODUCE_MAX_BYTES);
});

test('what is on its way never exceeds by much what was answered unthrottled before', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), (rounds) => {
      const pace = new ProducePace();
      let answered = 0;
      for (let round = 0; round < rounds; round++) {
        const before = pace.inFlightBytes;
        expect(before).toBeLessThanOrEqual(PRODUCE_MAX_BYTES + answered);
        answered += burst(pace, 1);
      }
    }),
  );
});

test('a trickle does not open the way for a burst', () => {
  const pace = new ProducePace();
  for (let i = 0; i < 10_000; i++) {
    pace.answered({ bytes: 20 * KIB, inFlightBytes: 20 * KIB, throttleMs: 0 });
  }
  expect(pace.inFlightBytes).toBe(PRODUCE_MAX_BYTES);
});

test('under a quota one request is on its way, so large that the broker holds back for about a second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 40_000, max: 5_000_000 }), (quotaBytesPerSecond) => {
      const pace = new ProducePace();
      burst(pace, 5);
      for (let i = 0; i < 20; i++) {
        const bytes = pace.requestBytes;
        const throttleMs = Math.ceil((bytes / quotaBytesPerSecond) * 1000);
        pace.answered({ bytes, inFlightBytes: bytes, throttleMs });
        expect(pace.inFlightBytes).toBeLessThanOrEqual(pace.requestBytes);
      }
      const fitting = Math.min(PRODUCE_MAX_BYTES, (quotaBytesPerSecond * THROTTLE_AIM_MS) / 1000);
      expect(Math.abs(pace.requestBytes - fitting) / fitting).toBeLessThan(0.05);
    }),
  );
});

test('it comes back when the quota is gone', () => {
  const pace = new ProducePace();
  pace.answered({ bytes: PRODUCE_MAX_BYTES, inFlightBytes: PRODUCE_MAX_BYTES, throttleMs: 600_000 });
  expect(pace.requestBytes).toBe(16 * KIB);
  expect(burst(pace, 20)).toBeGreaterThanOrEqual(20 * PRODUCE_MAX_BYTES);
});
