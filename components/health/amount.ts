// Thresholds as they are typed: `10 min`, `80 %`, `2 GiB`. Pure.
import type { RuleUnit } from '@/lib/contracts/monitoring/rules';

type Scale = readonly (readonly [word: string, size: number])[];
const scales: Record<RuleUnit, Scale> = {
  seconds: [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ],
  bytes: [
    ['TiB', 1024 ** 4],
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
    ['B', 1],
  ],
  ratio: [['%', 0.01]],
  count: [['', 1]],
};

/** Without rounding: what `typedAmount` reads back as the same number. `600` s → `10 min`, `0.0001` → `0.01 %`. */
export function exactAmount(value: number, unit: RuleUnit): string {
  if (unit === 'ratio') return `${Number((value * 100).toPrecision(12))} %`;
  const [word, size] = scales[unit].find(([, size]) => value !== 0 && value % size === 0) ??
    scales[unit].at(-1) ?? ['', 1];
  return `${value / size} ${word}`.trim();
}

/** Null: nobody can tell what is meant. A bare number is in the unit itself, of a share in percent. */
export function typedAmount(text: string, unit: RuleUnit): number | null {
  const found = /^(-?[\d.,_ ]*\d)\s*([a-z%]*)$/i.exec(text.trim());
  if (!found?.[1]) return null;
  const number = Number(found[1].replace(/[,_ ]/g, ''));
  if (!Number.isFinite(number)) return null;
  const word = (found[2] ?? '').toLowerCase();
  const size =
    word === ''
      ? bare[unit]
      : scales[unit].find(([one]) => one.toLowerCase() === (synonyms[word] ?? word))?.[1];
  return size === undefined ? null : Number((number * size).toPrecision(12));
}

const bare: Record<RuleUnit, number> = { seconds: 1, bytes: 1, ratio: 0.01, count: 1 };
const synonyms: Record<string, string> = {
  sec: 's',
  second: 's',
  seconds: 's',
  m: 'min',
  mins: 'min',
  minute: 'min',
  minutes: 'min',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
  kb: 'kib',
  mb: 'mib',
  gb: 'gib',
  tb: 'tib',
  percent: '%',
};
