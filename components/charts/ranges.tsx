// The time range of a page's charts; it lives in the URL. What the engine keeps in memory reaches an hour, history reaches months.
'use client';
import { useMonitoring } from '@/components/shell/mode';
import { useUrlState } from '@/components/shell/use-url-state';
import { cn } from '@/components/ui/cn';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export type Range = { key: string; label: string; ms: number };
type Ranges = { all: readonly Range[]; standard: Range };

const hour: Range = { key: '1h', label: '1 h', ms: HOUR_MS };
const quarter: Range = { key: '15m', label: '15 min', ms: 15 * MINUTE_MS };

export const liveRanges: Ranges = {
  all: [{ key: '5m', label: '5 min', ms: 5 * MINUTE_MS }, quarter, hour],
  standard: quarter,
};
const historyRanges: Ranges = {
  all: [
    quarter,
    hour,
    { key: '6h', label: '6 h', ms: 6 * HOUR_MS },
    { key: '24h', label: '24 h', ms: DAY_MS },
    { key: '7d', label: '7 d', ms: 7 * DAY_MS },
    { key: '90d', label: '90 d', ms: 90 * DAY_MS },
  ],
  standard: hour,
};

/** In reduced mode there is no history but of the last minutes. */
const recentRanges: Ranges = {
  all: liveRanges.all.filter((range) => range.ms <= quarter.ms),
  standard: quarter,
};
export const useHistoryRanges = (): Ranges =>
  useMonitoring().mode === 'reduced' ? recentRanges : historyRanges;

export function useRange({ all, standard }: Ranges = liveRanges): Range {
  const { params } = useUrlState();
  return all.find(({ key }) => key === params.get('range')) ?? standard;
}

export function RangePicker({ ranges = liveRanges }: { ranges?: Ranges }) {
  const { patch } = useUrlState();
  const chosen = useRange(ranges);
  return (
    <fieldset className="flex overflow-clip rounded-md border">
      <legend className="sr-only">Time range of the charts</legend>
      {ranges.all.map((range) => (
        <button
          key={range.key}
          type="button"
          aria-pressed={range === chosen}
          onClick={() => patch({ range: range === ranges.standard ? null : range.key })}
          className={cn(
            'h-7 border-l px-2.5 text-[13px] text-soft first:border-l-0 hover:text-text focus-visible:-outline-offset-2 max-sm:px-2',
            range === chosen && 'bg-raised font-medium text-text',
          )}
        >
          {range.label}
        </button>
      ))}
    </fieldset>
  );
}
