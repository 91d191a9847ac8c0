// The columns of the mirrors table.
import Link from 'next/link';
import { Sparkline } from '@/components/charts/sparkline';
import { kindNoun, stepWord, stoppedText } from '@/components/operations/words';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { MirrorRow } from '@/lib/contracts/link';
import { formatDuration, formatEstimatedBytes, formatRate, groupDigits } from '@/lib/format';
import { LagMessagesCell } from './lag-messages';
import { mirrorHref } from './paths';
import { StateBadge } from './state-badge';
import { errorWord, stateLook, toneOf } from './states';
import type { Selection } from './use-selection';
import { verifiedShare } from './verified';

export function whyNoLag(row: Pick<MirrorRow, 'state'>): string {
  switch (row.state) {
    case 'PENDING_MIRROR':
      return 'Not known before the mirror has started.';
    case 'PAUSED':
    case 'LINK_PAUSED':
      return 'Not measured while the mirror is paused.';
    case 'STOPPED':
      return 'A stopped mirror follows nothing any more.';
    default:
      return 'Not known: one of the two ends has not answered.';
  }
}

export function stateDetail(row: MirrorRow): string | null {
  const { operation, stopped } = row;
  if (operation) {
    const step = operation.step ? `, ${stepWord[operation.step].toLowerCase()}` : '';
    return `${kindNoun[operation.kind].toLowerCase()}${step}`;
  }
  if (stopped) return stoppedText(stopped);
  if (row.error !== 'NO_ERROR') return errorWord(row.error);
  if (row.state !== 'ACTIVE') return row.message;
  return (
    [row.attention ? 'lag growing' : null, row.compacted ? 'compacted' : null].filter(Boolean).join(' · ') ||
    null
  );
}

export const mirrorColumns = (destination: string, link: string, selection: Selection) =>
  columnsOf<MirrorRow>([
    [
      'topic',
      'Mirror topic',
      (row) => (
        <span className="flex items-center gap-3 max-md:gap-2">
          <input
            type="checkbox"
            aria-label={`Select ${row.topic}`}
            className="size-4 shrink-0 accent-accent"
            checked={selection.has(row.topic)}
            onChange={(event) => selection.set(row.topic, event.target.checked)}
          />
          <Link
            href={mirrorHref(destination, link, row.topic)}
            className="truncate font-mono text-[13px] hover:underline"
            title={row.topic}
          >
            {row.topic}
          </Link>
        </span>
      ),
      { sort: 'topic', rowHeader: true, width: 'max-md:w-[42%] md:w-[18%]' },
    ],
    [
      'partitions',
      'Partitions',
      (row) => (
        <CellValue
          value={row.partitions}
          format={groupDigits}
          why="The source's metadata has not been read yet."
        />
      ),
      { width: 'w-[104px]', numeric: true, wideOnly: true, sort: 'partitions' },
    ],
    [
      'state',
      'State',
      (row) => (
        <StateBadge
          state={row.state}
          attention={row.attention}
          detail={stateDetail(row)}
          title={row.operation?.detail ?? row.message ?? undefined}
          className="max-w-full align-middle"
        />
      ),
      { sort: 'state' },
    ],
    [
      'lagMessages',
      'Lag, messages',
      (row) => <LagMessagesCell lag={row.lag} why={whyNoLag(row)} />,
      { width: 'w-[132px]', numeric: true, wideOnly: true, sort: 'lagMessages' },
    ],
    [
      'lagBytes',
      'Bytes',
      (row) => (
        <span className="text-soft">
          <CellValue value={row.lag.bytes} format={formatEstimatedBytes} why={whyNoLag(row)} />
        </span>
      ),
      { width: 'w-24', numeric: true, wideOnly: true, sort: 'lagBytes' },
    ],
    [
      'lagSeconds',
      'Lag, time',
      (row) => <CellValue value={row.lag.seconds} format={formatDuration} why={whyNoLag(row)} />,
      { width: 'w-24', numeric: true, sort: 'lagSeconds' },
    ],
    [
      'verified',
      'Verified',
      (row) => (
        <CellValue
          value={verifiedShare(row.verification)}
          format={(share) => share}
          why={row.verification.trouble ?? 'Nothing has been compared yet.'}
        />
      ),
      { width: 'w-20', numeric: true, wideOnly: true },
    ],
    [
      'trend',
      'Trend, 1 h',
      (row) => {
        const { shape } = stateLook(row.state, row.attention);
        return (
          <Sparkline
            values={row.trend}
            className={`ml-auto ${shape === 'square' || shape === 'triangle' ? toneOf[shape] : 'text-soft'}`}
          />
        );
      },
      { width: 'w-28', numeric: true, wideOnly: true },
    ],
    [
      'records',
      'Records/s',
      (row) => (
        <CellValue value={row.recordsPerSecond} format={formatRate} why="No rate has been measured yet." />
      ),
      { width: 'w-[104px]', numeric: true, wideOnly: true, sort: 'recordsPerSecond' },
    ],
  ]);
