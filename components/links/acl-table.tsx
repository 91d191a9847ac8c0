// ACLs that a link brings over, withholds, removes or never brings: one row each, with why.
'use client';
import { useCallback, useMemo } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import type { AclBinding } from '@/lib/contracts/acl';
import type { AclAction, AclPlanRow } from '@/lib/contracts/acl-sync';
import { StateShape } from './state-badge';
import type { Shape } from './states';

const actions: Record<AclAction, { shape: Shape; word: string }> = {
  ADD: { shape: 'ring', word: 'Comes over' },
  PRESENT: { shape: 'circle', word: 'Is there' },
  WITHHELD: { shape: 'bars', word: 'Waits for the promotion' },
  REMOVE: { shape: 'triangle', word: 'Gone at the source' },
  SKIPPED: { shape: 'stopped', word: 'Never comes' },
};

export function AclTable({ rows }: { rows: AclPlanRow[] }) {
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  const columns = useMemo(
    () =>
      columnsOf<AclPlanRow>([
        [
          'action',
          'What happens',
          ({ action, reason }) => (
            <span className="inline-flex max-w-full items-center gap-2" title={reason ?? undefined}>
              <StateShape shape={actions[action].shape} />
              <span className="truncate">{actions[action].word}</span>
            </span>
          ),
          { width: 'w-[208px] max-md:w-[44%]' },
        ],
        [
          'right',
          'Right',
          ({ binding }) => `${binding.permission === 'DENY' ? 'DENY ' : ''}${binding.operation}`,
          { width: 'w-[184px]', wideOnly: true },
        ],
        [
          'resource',
          'On',
          ({ binding }) => (
            <>
              <span className="md:hidden">{binding.operation} </span>
              <Resource binding={binding} />
            </>
          ),
          { rowHeader: true },
        ],
        [
          'principal',
          'For',
          ({ binding: { principal, host } }) => (
            <span className="font-mono text-[13px]" title={host === '*' ? undefined : `from ${host}`}>
              {principal}
              {host === '*' ? '' : ` from ${host}`}
            </span>
          ),
          { width: 'w-[24%]', wideOnly: true },
        ],
        [
          'from',
          'On the source',
          (row) => <span className="text-soft">{otherNames(row)}</span>,
          { width: 'w-[22%]', wideOnly: true },
        ],
      ]),
    [],
  );
  return (
    <DataTable label="ACLs" columns={columns} count={rows.length} rowAt={rowAt} className="max-h-[560px]" />
  );
}

function Resource({ binding: { resourceType, resourceName, patternType } }: { binding: AclBinding }) {
  const type = resourceType.toLowerCase().replace('_', ' ');
  if (resourceType === 'CLUSTER') return type;
  return (
    <span title={`${type} ${resourceName}`}>
      {type} <span className="font-mono text-[13px]">{resourceName}</span>
      {patternType === 'PREFIXED' ? <span className="text-soft"> prefix</span> : null}
    </span>
  );
}

/** What is called differently there; the same names need no words. */
function otherNames({ from, binding }: AclPlanRow): string {
  if (from === null) return 'gone';
  const names = [
    from.resourceName === binding.resourceName && from.patternType === binding.patternType
      ? null
      : `${from.resourceName}${from.patternType === 'PREFIXED' ? ' prefix' : ''}`,
    from.principal === binding.principal ? null : from.principal,
    from.operation === binding.operation ? null : from.operation,
  ].filter((name) => name !== null);
  return names.length === 0 ? 'the same' : names.join(', ');
}
