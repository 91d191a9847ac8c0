// The columns of the audit table.
'use client';
import { columnsOf } from '@/components/ui/table-columns';
import type { AuditEntry } from '@/lib/contracts/audit';
import { formatDateTime } from '@/lib/format';
import { CriticalMark, Outcome } from './outcome';
import { objectTypeWord, sentence } from './words';

export const auditColumns = (onShow: (operationId: string) => void) =>
  columnsOf<AuditEntry>([
    [
      'at',
      'When',
      ({ at }) => (
        <time dateTime={new Date(at).toISOString()} title={formatDateTime(at)} className="text-soft">
          <span className="max-md:hidden">{formatDateTime(at)}</span>
          <span className="md:hidden">{formatDateTime(at).slice(5, 16)}</span>
        </time>
      ),
      { width: 'w-44 max-md:w-28' },
    ],
    [
      'operation',
      'What',
      (entry) => (
        <span className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            className="min-w-0 truncate hover:underline"
            onClick={() => onShow(entry.operationId)}
            aria-label={`${sentence(entry.operation)}, ${entry.object.name}, row ${entry.seq}`}
          >
            {sentence(entry.operation)}
          </button>
          {entry.severity === 'CRITICAL' ? <CriticalMark short /> : null}
        </span>
      ),
      { width: 'md:w-64', rowHeader: true },
    ],
    [
      'object',
      'On',
      ({ object }) => (
        <span title={object.name}>
          <span className="text-soft">{objectTypeWord(object.type)}</span>{' '}
          <span className="font-mono">{object.name}</span>
        </span>
      ),
      { wideOnly: true },
    ],
    [
      'actor',
      'Who',
      ({ actor }) => <span title={actor.id ?? undefined}>{actor.name}</span>,
      { width: 'w-40', wideOnly: true },
    ],
    ['outcome', 'Outcome', ({ outcome }) => <Outcome outcome={outcome} />, { width: 'w-28' }],
  ]);
