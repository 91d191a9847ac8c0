// One metric over time, from the history: a line a series, the worst first, gaps as gaps, and what the picture does not show.
'use client';
import { useMemo } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { Bar, Loading } from '@/components/ui/skeleton';
import { formatAge } from '@/lib/format';
import type { ChartFormat } from './formats';
import { chartColumns, type HistoryAnswer, type Labels, noteOf } from './history-columns';
import { type HistorySource, useHistory } from './history-query';
import type { Range } from './ranges';
import { TimeSeries } from './time-series';

export type HistoryChartProps = HistorySource & {
  title: string;
  format: ChartFormat;
  /** What a series is called beside the others; a lone one has the colour of the accent. */
  nameOf: (labels: Labels) => string;
  /** What the numbers are of, where the title does not say it. */
  about?: string;
};

const HEIGHT_PX = 168;

export function HistoryChart({
  range,
  syncKey,
  ...props
}: HistoryChartProps & { range: Range; syncKey: string }) {
  const query = useHistory(props, range);
  const failure = failureFrom(query.error);
  const { data } = query;
  if (data && data.series.length > 0)
    return (
      <Drawn {...props} answer={data} range={range} syncKey={syncKey} failed={failure?.message ?? null} />
    );
  return (
    <section aria-label={props.title} className="min-w-0 px-4 pt-3 pb-1">
      <h3 className="font-medium">{props.title}</h3>
      <div style={{ minHeight: HEIGHT_PX }} className="flex flex-col justify-center gap-2">
        {data ? (
          <p className="text-soft">{emptyWords(data, props.about)}</p>
        ) : failure ? (
          <p className="break-words text-bad">{failure.message}</p>
        ) : (
          <Loading label={`Loading ${props.title}`}>
            <Bar className="h-24 w-full" />
          </Loading>
        )}
      </div>
    </section>
  );
}

function Drawn({
  answer,
  title,
  nameOf,
  format,
  about,
  range,
  syncKey,
  failed,
}: HistoryChartProps & { answer: HistoryAnswer; range: Range; syncKey: string; failed: string | null }) {
  const { timesMs, series } = useMemo(() => chartColumns(answer, nameOf), [answer, nameOf]);
  return (
    <TimeSeries
      title={title}
      timesMs={timesMs}
      series={series}
      rangeMs={range.ms}
      toMs={answer.toMs}
      format={format}
      syncKey={syncKey}
      note={[failed, about, noteOf(answer)].filter(Boolean).join(' · ') || null}
    />
  );
}

function emptyWords({ keptFromMs, toMs }: HistoryAnswer, about: string | undefined): string {
  if (keptFromMs === null) return 'Nothing is recorded yet.';
  return `Nothing was recorded in this range${about ? ` ${about}` : ''}. History begins ${formatAge(toMs - keptFromMs)}.`;
}
