// Options of a live chart for uPlot: time at the bottom, one unit at the left, gaps stay gaps, no animation.
import type uPlot from 'uplot';
import { formatClock, formatDateTime } from '@/lib/format';
import { drawNotes } from './draw-notes';
import type { ChartFormat } from './formats';
import { lonePoints } from './gaps';
import { faded, type Tone } from './theme-colours';

export type ChartSeries = {
  label: string;
  values: (number | null)[];
  tone: Tone;
};

/** What is drawn over the series: a line that they must not cross, and moments. */
export type ChartNotes = {
  limit?: { value: number; label: string } | null;
  marks?: readonly { atMs: number; label: string }[];
};

const AXIS_FONT = '12px ui-sans-serif, system-ui, sans-serif';
const Y_AXIS_PX = 76;
const CHARACTER_PX = 7;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A moment as a chart over that long a range needs it: `18:42:09`, `18:42`, `11-23 18:42`, `11-23`. */
export function axisTime(at: number, rangeMs: number): string {
  if (rangeMs > 4 * DAY_MS) return formatDateTime(at).slice(5, 10);
  if (rangeMs > DAY_MS) return formatDateTime(at).slice(5, 16);
  return rangeMs > 10 * MINUTE_MS ? formatClock(at).slice(0, 5) : formatClock(at);
}

export function chartOptions(input: {
  series: Pick<ChartSeries, 'label' | 'tone'>[];
  colours: Record<Tone, string>;
  width: number;
  height: number;
  /** Asked at each drawing. */
  format: () => ChartFormat;
  syncKey: string | undefined;
  onHover: (index: number | null) => void;
  /** Asked at each drawing. */
  notes: () => ChartNotes;
}): uPlot.Options {
  const { colours, format, notes } = input;
  const axis = {
    stroke: colours.soft,
    font: AXIS_FONT,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  return {
    width: input.width,
    height: input.height,
    ms: 1,
    legend: { show: false },
    padding: [8, 28, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7 },
      ...(input.syncKey ? { sync: { key: input.syncKey, setSeries: false } } : {}),
    },
    scales: {
      x: { time: true },
      // Zero is always on the chart, and so is the limit; an all-zero chart still has a height.
      y: {
        range: (_chart, low, high) => [
          Math.min(low ?? 0, 0) * 1.1,
          Math.max(high ?? 0, notes().limit?.value ?? 0, 1e-9) * 1.1 || 1,
        ],
      },
    },
    series: [
      {},
      ...input.series.map(({ label, tone }) => ({
        label,
        stroke: colours[tone],
        // Areas over each other would hide each other.
        ...(input.series.length === 1 ? { fill: faded(colours[tone], 0.1) } : {}),
        width: 1.5,
        spanGaps: false,
        // A point between two gaps has no line: it is drawn as a dot.
        points: {
          size: 4,
          fill: colours[tone],
          show: true,
          filter: (chart: uPlot, index: number) =>
            lonePoints(chart.data[index] as (number | null | undefined)[]),
        },
      })),
    ],
    axes: [
      {
        ...axis,
        size: 28,
        // As wide as what is written there, and some air.
        space: (_chart, _axis, min, max) => 20 + CHARACTER_PX * axisTime(min, max - min).length,
        values: (chart, splits) => {
          const rangeMs = (chart.scales.x?.max ?? 0) - (chart.scales.x?.min ?? 0);
          return splits.map((at) => axisTime(at, rangeMs));
        },
      },
      {
        ...axis,
        size: Y_AXIS_PX,
        space: 30,
        incrs: () => [...format().steps],
        values: (_chart, splits) => splits.map((value) => format()(value)),
      },
    ],
    hooks: {
      setCursor: [(chart) => input.onHover(chart.cursor.idx ?? null)],
      draw: [(chart) => drawNotes(chart, notes(), { limit: colours.bad, mark: colours.soft })],
    },
  };
}
