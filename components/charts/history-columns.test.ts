import { describe, expect, it } from 'vitest';
import { chartColumns, noteOf } from './history-columns';

const answer = {
  metric: 'landbridge_topic_bytes' as const,
  ...{ fromMs: 0, toMs: 100, stepMs: null, timesMs: [0, 10, 20, 90], total: 1, partial: false },
  series: [{ labels: { topic: 'a' }, values: [1, null, 3, 4], latest: null }],
  ...{ keptFromMs: 0, ticksFromMs: 0 },
};
const topicOf = (labels: Readonly<Record<string, string>>) => labels.topic ?? '';

describe('what is drawn of an answer of the history', () => {
  it('is the values themselves, with a gap where nothing was known and where nothing was recorded', () => {
    expect(chartColumns(answer, topicOf)).toEqual({
      timesMs: [0, 10, 20, 30, 90],
      series: [{ label: 'a', values: [1, null, 3, null, 4], tone: 'accent' }],
    });
  });

  it('says what is not in the picture', () => {
    expect(noteOf(answer)).toBe('');
    expect(noteOf({ ...answer, total: 120 })).toBe('1 of 120, worst first');
    expect(noteOf({ ...answer, stepMs: 300_000, keptFromMs: 50 })).toMatch(
      /^means of 5 min · kept since \d{4}-/,
    );
  });
});
