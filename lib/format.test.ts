import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatByteRate,
  formatBytes,
  formatDateTime,
  formatDuration,
  formatEstimatedBytes,
  formatExact,
  formatMillis,
  formatMoment,
  formatRate,
  formatRecordRate,
  formatShare,
  groupDigits,
  plural,
} from './format';

describe('exact numbers', () => {
  it('are grouped and keep every digit beyond 2^53', () => {
    expect(groupDigits('9223372036854775807')).toBe('9,223,372,036,854,775,807');
    expect(groupDigits(9007199254740993n)).toBe('9,007,199,254,740,993');
    expect(groupDigits('1284091')).toBe('1,284,091');
    expect(groupDigits('999')).toBe('999');
    expect(groupDigits('-1234')).toBe('-1,234');
  });

  it('show unknown as a dash, never as zero', () => {
    expect(formatExact(null)).toBe('–');
    expect(formatExact('0')).toBe('0');
    expect(formatBytes(null)).toBe('–');
    expect(formatDuration(null)).toBe('–');
    expect(formatRate(null)).toBe('–');
  });
});

describe('sizes and rates', () => {
  it('use binary units for sizes and say when they are estimates', () => {
    expect(formatBytes('0')).toBe('0 B');
    expect(formatBytes('1023')).toBe('1,023 B');
    expect(formatBytes('1024')).toBe('1.0 KiB');
    expect(formatBytes('1945')).toBe('1.9 KiB');
    expect(formatEstimatedBytes('222298112')).toBe('≈ 212 MiB');
    expect(formatBytes('1048575')).toBe('1.0 MiB');
  });

  it('use decimal units for throughput', () => {
    expect(formatByteRate(212_400_000)).toBe('212 MB/s');
    expect(formatByteRate(0)).toBe('0 B/s');
    expect(formatByteRate(999_999)).toBe('1.0 MB/s');
  });

  it('never round a small rate to nothing', () => {
    expect(formatRate(0.01)).toBe('< 0.1');
    expect(formatRate(4.26)).toBe('4.3');
    expect(formatRate(0)).toBe('0');
    expect(formatRecordRate(67_416.4)).toBe('67,416 records/s');
  });
});

describe('times', () => {
  it('are told in at most two units', () => {
    expect(formatDuration(0)).toBe('0 s');
    expect(formatDuration(0.1)).toBe('0.1 s');
    expect(formatDuration(48.4)).toBe('48 s');
    expect(formatDuration(119)).toBe('119 s');
    expect(formatDuration(11 * 60 + 20)).toBe('11 min');
    expect(formatDuration(2 * 3600 + 14 * 60)).toBe('2 h 14 min');
    expect(formatDuration(3 * 86_400 + 4 * 3600)).toBe('3 d 4 h');
    expect(formatMillis(1.16)).toBe('1.2 ms');
    expect(formatMillis(1400)).toBe('1.4 s');
  });

  it('never give a negative age', () => {
    expect(formatAge(-300)).toBe('now');
    expect(formatAge(4100)).toBe('4 s ago');
  });

  it('give local date and time in an order that sorts', () => {
    expect(formatDateTime(new Date(2026, 10, 23, 8, 5, 9).getTime())).toBe('2026-11-23 08:05:09');
  });

  it('name the zone where it is asked for, so that a moment can be told to somebody elsewhere', () => {
    const at = Date.UTC(2026, 10, 23, 8, 5, 9);
    const told = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC(?:([+−])(\d\d:\d\d))?$/.exec(formatMoment(at));
    const [, date, time, sign, ahead = '00:00'] = told ?? [];
    expect(Date.parse(`${date}T${time}${sign === '−' ? '-' : '+'}${ahead}`)).toBe(at);
  });
});

it('counts things in the singular and the plural', () => {
  expect(plural(1, 'mirror')).toBe('1 mirror');
  expect(plural(1000, 'mirror')).toBe('1,000 mirrors');
  expect(plural(2, 'topic is', 'topics are')).toBe('2 topics are');
});

it('gives shares as whole percentages, and what is not quite none or all not as such', () => {
  expect([0, 0.004, 0.5, 0.995, 1, null].map(formatShare)).toEqual([
    ...['0 %', '< 1 %', '50 %', '> 99 %', '100 %', '–'],
  ]);
});
