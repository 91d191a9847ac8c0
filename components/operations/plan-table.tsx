// The dry run in rows: what would happen to each mirror, or why it is refused. Worst first.
'use client';
import { useCallback, useMemo } from 'react';
import { StateShape } from '@/components/links/state-badge';
import { Age } from '@/components/shell/age';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { OperationKind, OperationPlan } from '@/lib/contracts/operation';
import { formatDateTime, groupDigits } from '@/lib/format';
import { estimatedLoss, plansWorstFirst } from './loss';

const notKnown = 'Not known: one of the two ends has not answered.';

const planColumns = (kind: OperationKind) =>
  columnsOf<OperationPlan>([
    [
      'topic',
      'Mirror topic',
      (row) => (
        <span className="font-mono text-[13px]" title={row.topic}>
          {row.topic}
        </span>
      ),
      { rowHeader: true, width: 'md:w-[20%]' },
    ],
    [
      'verdict',
      'Dry run',
      (row) => (
        <span className="inline-flex items-center gap-1.5" title={row.message}>
          <StateShape shape={!row.ok ? 'square' : row.warnings.length > 0 ? 'triangle' : 'circle'} />
          {row.ok ? 'Possible' : 'Refused'}
          {row.ok && row.warnings.length > 0 ? <span className="max-md:sr-only">see above</span> : null}
        </span>
      ),
      { width: 'w-44 max-md:w-[104px]' },
    ],
    [
      'partitions',
      'Partitions',
      (row) => <CellValue value={row.partitions} format={groupDigits} why={notKnown} />,
      { width: 'w-24', numeric: true, wideOnly: true },
    ],
    ...(kind === 'FAILOVER' ? failoverColumns : drainColumns),
    [
      'message',
      'What will happen',
      (row) => (
        <span className="text-soft" title={row.message}>
          {row.message}
        </span>
      ),
      { wideOnly: true },
    ],
  ]);

type Column = Parameters<typeof columnsOf<OperationPlan>>[0][number];

const drainColumns: Column[] = [
  [
    'lag',
    'To drain',
    (row) => <CellValue value={row.lagMessages} format={groupDigits} why={notKnown} />,
    { width: 'w-36 max-md:w-28', numeric: true },
  ],
  [
    'blocked',
    'Held by transactions',
    (row) => <CellValue value={row.blocked} format={groupDigits} why={notKnown} />,
    { width: 'w-40', numeric: true, wideOnly: true },
  ],
];

const failoverColumns: Column[] = [
  [
    'loss',
    'Estimated loss',
    (row) => {
      const loss = estimatedLoss(row);
      if (loss === null) return <span title="The end of the source is not known.">unknown</span>;
      return <span className={loss > 0n ? 'font-semibold text-bad' : 'text-soft'}>{groupDigits(loss)}</span>;
    },
    { width: 'w-44 max-md:w-28', numeric: true },
  ],
  [
    'seen',
    'Source last seen',
    (row) =>
      row.sourceSeenAt === null ? (
        <span title="No engine has seen the source of this mirror since it was created.">never</span>
      ) : (
        <span className="text-soft" title={formatDateTime(row.sourceSeenAt)}>
          <Age at={row.sourceSeenAt} />
        </span>
      ),
    { width: 'w-36', numeric: true, wideOnly: true },
  ],
];

export function PlanTable({
  kind,
  plans,
  busy,
}: {
  kind: OperationKind;
  plans: OperationPlan[];
  /** The plans belong to an earlier question. */
  busy: boolean;
}) {
  const rows = useMemo(() => plansWorstFirst(plans), [plans]);
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  const columns = useMemo(() => planColumns(kind), [kind]);
  return (
    <DataTable
      label="What will happen to each mirror"
      columns={columns}
      count={rows.length}
      still
      rowAt={rowAt}
      busy={busy}
      className="max-h-[46vh]"
      empty="No mirror matches."
    />
  );
}
