// A live chart over time. Callers hand in equal columns; what draws them (uPlot) stays behind this component.
'use client';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useShownTheme } from '@/components/shell/theme';
import { formatClock, formatDateTime, UNKNOWN } from '@/lib/format';
import type { ChartFormat } from './formats';
import { type Tone, themeColours } from './theme-colours';
import { type ChartNotes, type ChartSeries, chartOptions } from './uplot-options';

const legendTone: Record<Tone, string> = {
  accent: 'bg-accent',
  warn: 'bg-warn',
  bad: 'bg-bad',
  ok: 'bg-ok',
  held: 'bg-held',
  soft: 'bg-soft',
  line: 'bg-line',
  edge: 'bg-edge',
  s1: 'bg-s1',
  s2: 'bg-s2',
  s3: 'bg-s3',
  s4: 'bg-s4',
  s5: 'bg-s5',
  s6: 'bg-s6',
  s7: 'bg-s7',
  s8: 'bg-s8',
};
const DAY_MS = 86_400_000;
const noMarks: NonNullable<ChartNotes['marks']> = [];

export function TimeSeries({
  title,
  timesMs,
  series,
  rangeMs,
  toMs,
  format,
  note,
  height = 168,
  syncKey,
  limit = null,
  marks = noMarks,
}: ChartNotes & {
  title: string;
  timesMs: number[];
  series: ChartSeries[];
  rangeMs: number;
  /** Right end of the time axis; without it, the last sample. */
  toMs?: number;
  format: ChartFormat;
  /** What is to be known of the picture: "8 of 120, worst first". */
  note?: string | null;
  height?: number;
  /** Charts with the same key share their cross-hair. */
  syncKey?: string;
}) {
  const [hovered, setHovered] = useState<number | null>(null);
  const frame = useChart({
    ...{ timesMs, series, rangeMs, toMs, format, height, syncKey, limit, marks },
    onHover: setHovered,
  });
  const at = hovered !== null && hovered < timesMs.length ? hovered : timesMs.length - 1;
  const value = (one: ChartSeries) => {
    const v = one.values[at];
    return v === null || v === undefined ? UNKNOWN : format(v);
  };
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 px-4 pt-3 pb-1">
        <span className="font-medium">{title}</span>
        <span className="flex min-w-0 flex-wrap gap-x-4 text-[13px] text-soft">
          {series.map((one) => (
            <span key={one.label} className="inline-flex min-w-0 items-center gap-1.5">
              <span aria-hidden className={`h-0.5 w-3 shrink-0 ${legendTone[one.tone]}`} />
              <span className="truncate">{one.label}</span>{' '}
              <span className="min-w-16 shrink-0 text-text">{value(one)}</span>
            </span>
          ))}
          <span>
            {timesMs[at] === undefined
              ? ''
              : `at ${rangeMs > DAY_MS ? formatDateTime(timesMs[at]) : formatClock(timesMs[at])}`}
          </span>
          {limit ? <span>{limit.label}</span> : null}
          {note ? <span>{note}</span> : null}
        </span>
      </figcaption>
      <div ref={frame} style={{ height }} aria-hidden className="pr-1" />
      <Summary timesMs={timesMs} series={series} format={format} />
    </figure>
  );
}

/** What the picture says, for those who do not see it. */
function Summary({
  timesMs,
  series,
  format,
}: {
  timesMs: number[];
  series: ChartSeries[];
  format: (v: number) => string;
}) {
  if (timesMs.length === 0) return <p className="sr-only">No samples yet.</p>;
  const text = series.map(({ label, values }) => {
    const known = values.filter((v) => v !== null);
    return known.length === 0
      ? `${label}: unknown.`
      : `${label}: lowest ${format(Math.min(...known))}, highest ${format(Math.max(...known))}.`;
  });
  return <p className="sr-only">{text.join(' ')}</p>;
}

function useChart(
  input: {
    timesMs: number[];
    series: ChartSeries[];
    rangeMs: number;
    toMs: number | undefined;
    format: ChartFormat;
    height: number;
    syncKey: string | undefined;
    onHover: (index: number | null) => void;
  } & Required<ChartNotes>,
) {
  const frame = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<uPlot | null>(null);
  const theme = useShownTheme();
  const { timesMs, series, rangeMs, toMs, height, syncKey, onHover, limit, marks } = input;
  const data = useMemo(
    () => [timesMs, ...series.map((one) => one.values)] as uPlot.AlignedData,
    [timesMs, series],
  );
  const latest = useRef({ data, format: input.format });
  latest.current = { data, format: input.format };
  const notes = useRef<ChartNotes>({});
  // The chart is made anew only when its structure or the theme changes, never for new samples.
  const structure = JSON.stringify(series.map(({ label, tone }) => ({ label, tone })));

  useEffect(() => {
    const element = frame.current;
    if (!element || theme === null) return;
    const made = new uPlot(
      chartOptions({
        series: JSON.parse(structure) as Pick<ChartSeries, 'label' | 'tone'>[],
        colours: themeColours(element),
        width: element.clientWidth,
        height,
        format: () => latest.current.format,
        syncKey,
        onHover,
        notes: () => notes.current,
      }),
      latest.current.data,
      element,
    );
    setChart(made);
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      setChart(null);
    };
  }, [structure, theme, height, syncKey, onHover]);

  useEffect(() => {
    const end = toMs ?? data[0].at(-1);
    chart?.batch(() => {
      chart.setData(data, false);
      if (end !== undefined) chart.setScale('x', { min: end - rangeMs, max: end });
    });
  }, [chart, data, rangeMs, toMs]);

  const drawn = JSON.stringify({ limit, marks });
  useEffect(() => {
    notes.current = JSON.parse(drawn) as ChartNotes;
    chart?.redraw(true);
  }, [chart, drawn]);
  return frame;
}
