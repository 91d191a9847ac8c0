// The rights that a link needs on both clusters: held, missing, not needed, not known, and how a missing one is granted.
import { StateShape } from '@/components/links/state-badge';
import { CodeBlock } from '@/components/ui/code-block';
import { Panel } from '@/components/ui/panel';
import type { FillCheck, RightRow, RightSide } from '@/lib/contracts/rights';
import { groupDigits, plural } from '@/lib/format';

const marks = {
  HELD: { shape: 'circle', word: 'Held' },
  MISSING: { shape: 'square', word: 'Missing' },
  NOT_NEEDED: { shape: 'hollow', word: 'Not needed' },
  NOT_RUN: { shape: 'hollow', word: 'Not known' },
} as const;
const order: RightRow['status'][] = ['MISSING', 'NOT_RUN', 'HELD', 'NOT_NEEDED'];
const resources: Record<RightRow['resource'], string> = {
  TOPIC: 'topics',
  GROUP: 'consumer groups',
  CLUSTER: 'the cluster',
  TRANSACTIONAL_ID: 'transactional ids',
};

export function RightsList({ rights, fills }: { rights: RightRow[]; fills?: FillCheck | null | undefined }) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <Side title="Rights on the source" side="SOURCE" rights={rights} />
      <div className="flex min-w-0 flex-col gap-2">
        <Side title="Rights on the destination" side="DESTINATION" rights={rights} />
        {fills ? <p className="px-1 text-soft">{fillsSaid(fills)}</p> : null}
      </div>
    </div>
  );
}

function Side({ title, side, rights }: { title: string; side: RightSide; rights: RightRow[] }) {
  const rows = rights
    .filter((row) => row.side === side)
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const missing = rows.filter((row) => row.status === 'MISSING').length;
  return (
    <Panel
      title={title}
      id={`rights-${side.toLowerCase()}`}
      aside={
        <span className="text-soft">{missing > 0 ? `${missing} missing` : plural(rows.length, 'right')}</span>
      }
    >
      <ul aria-label={title} className="divide-y">
        {rows.map((row) => (
          <Right key={`${row.resource} ${row.operation}`} row={row} />
        ))}
      </ul>
    </Panel>
  );
}

function Right({ row }: { row: RightRow }) {
  const mark = marks[row.status];
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 px-4 py-2">
      <StateShape shape={mark.shape} />
      <div className="min-w-0">
        <p>
          <span className="font-medium">{row.operation}</span> on {resources[row.resource]}{' '}
          <span className="text-soft">{mark.word}</span>
        </p>
        <p className="break-words text-soft">{row.message}</p>
        {row.topics.length > 0 ? (
          <p className="break-words font-mono text-[13px]">{row.topics.join(', ')}</p>
        ) : null}
        {row.command ? (
          <div className="pt-1.5">
            <CodeBlock label="Grant it" text={row.command} />
          </div>
        ) : null}
      </div>
    </li>
  );
}

function fillsSaid(fills: FillCheck): string {
  const way = fills.way === 'MARKERS' ? 'transaction markers' : 'empty transactions, the slower way';
  const rate = (perSecond: number) => groupDigits(Math.round(perSecond));
  return `Gaps are filled by ${way}: ${rate(fills.gapsPerSecond)} a second one by one, ${rate(fills.offsetsPerSecond)} offsets a second together, measured on the scratch topic.`;
}
