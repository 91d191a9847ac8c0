// The time range of a page's charts; it lives in the URL.
'use client';
import { useUrlState } from '@/components/shell/use-url-state';
import { cn } from '@/components/ui/cn';

const ranges = [
  { key: '5m', label: '5 min', ms: 5 * 60_000 },
  { key: '15m', label: '15 min', ms: 15 * 60_000 },
  { key: '1h', label: '1 h', ms: 60 * 60_000 },
] as const;
const standard = ranges[1];

export function useRange(): (typeof ranges)[number] {
  const { params } = useUrlState();
  return ranges.find(({ key }) => key === params.get('range')) ?? standard;
}

export function RangePicker() {
  const { patch } = useUrlState();
  const chosen = useRange();
  return (
    <fieldset className="flex overflow-clip rounded-md border">
      <legend className="sr-only">Time range of the charts</legend>
      {ranges.map((range) => (
        <button
          key={range.key}
          type="button"
          aria-pressed={range === chosen}
          onClick={() => patch({ range: range === standard ? null : range.key })}
          className={cn(
            'h-7 border-l px-2.5 text-[13px] text-soft first:border-l-0 hover:text-text focus-visible:-outline-offset-2',
            range === chosen && 'bg-raised font-medium text-text',
          )}
        >
          {range.label}
        </button>
      ))}
    </fieldset>
  );
}
