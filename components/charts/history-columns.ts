// An answer of the history as a chart takes it, and what has to be said beside the picture. Pure.
import type { z } from 'zod';
import type { historyAnswer } from '@/lib/contracts/monitoring/history';
import { formatDateTime, formatDuration, groupDigits } from '@/lib/format';
import { withGaps } from './gaps';
import { tonesOf } from './series-tones';
import type { ChartSeries } from './uplot-options';

export type HistoryAnswer = z.infer<typeof historyAnswer>;
export type Labels = Readonly<Record<string, string>>;

export function chartColumns(
  answer: HistoryAnswer,
  nameOf: (labels: Labels) => string,
): { timesMs: number[]; series: ChartSeries[] } {
  const { timesMs, values } = withGaps(
    { timesMs: answer.timesMs, values: answer.series.map((one) => one.values) },
    answer.stepMs,
  );
  const names = answer.series.map(({ labels }) => nameOf(labels));
  const tones = tonesOf(names);
  const lone = names.length === 1 && answer.total === 1;
  return {
    timesMs,
    series: names.map((label, i) => ({
      label,
      values: values[i] ?? [],
      tone: lone ? 'accent' : (tones.get(label) ?? 'soft'),
    })),
  };
}

/** "8 of 120, worst first · means of 5 min · kept since 2026-11-29 10:32:00" */
export function noteOf({ series, total, stepMs, keptFromMs, fromMs, partial }: HistoryAnswer): string {
  return [
    total > series.length ? `${groupDigits(series.length)} of ${groupDigits(total)}, worst first` : null,
    partial ? 'too many series to look at each' : null,
    stepMs === null ? null : `means of ${formatDuration(stepMs / 1000)}`,
    keptFromMs !== null && keptFromMs > fromMs ? `kept since ${formatDateTime(keptFromMs)}` : null,
  ]
    .filter(Boolean)
    .join(' · ');
}
