import { expect, it } from 'vitest';
import {
  byteRateFormat,
  bytesFormat,
  countFormat,
  latencyFormat,
  rateFormat,
  secondsFormat,
  shareFormat,
} from './formats';

const formats = {
  ...{ countFormat, rateFormat, bytesFormat, byteRateFormat, secondsFormat, latencyFormat, shareFormat },
};

for (const [name, format] of Object.entries(formats))
  it(`${name}: no two lines of an axis are written alike, whatever its step`, () => {
    for (const [at, step] of format.steps.entries()) {
      const lines = Array.from({ length: 7 }, (_, i) => format(i * step));
      expect(new Set(lines).size, lines.join(', ')).toBe(7);
      expect(step).toBeGreaterThan(format.steps[at - 1] ?? 0);
    }
  });

it('lines of an axis of time stand where they say', () => {
  expect(secondsFormat.steps).toContain(120);
  for (const step of secondsFormat.steps.filter((one) => one >= 60 && one < 3600))
    for (let i = 2; i < 7; i++)
      if (i * step < 3600) expect(secondsFormat(i * step)).toBe(`${(i * step) / 60} min`);
  expect(latencyFormat(0)).toBe('0 ms');
});
