// Settings → Approvals: what waits for a second person, newest first, and what became of the rest.
'use client';
import { useCallback, useMemo } from 'react';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Empty } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import type { ApprovalView } from '@/lib/contracts/access';
import { formatDateTime } from '@/lib/format';
import { ApprovalDialog } from './approval-dialog';
import { approvalLook } from './approval-text';
import { useApprovals } from './queries';
import { SettingsTabs } from './settings-tabs';
import { StateMark } from './state-mark';

export function Approvals() {
  const query = useApprovals();
  // In the address, so that the request can be shared in chat.
  const { params, patch } = useUrlState();
  const shown = params.get('id');
  const show = useCallback((id: string | null) => patch({ id }), [patch]);
  return (
    <Page>
      <PageHeader title="Approvals" />
      <SettingsTabs />
      <QueryView
        query={query}
        what="the approvals"
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-32', 'w-64', 'w-24', 'w-32']} />
          </div>
        }
      >
        {({ approvals }) =>
          approvals.length === 0 ? (
            <Empty title="Nothing waits for a second person">
              A link can demand that two people agree before it is promoted, failed over, reversed or deleted.
              Requests appear here, and stay as a record.
            </Empty>
          ) : (
            <ApprovalTable approvals={approvals} onShow={show} />
          )
        }
      </QueryView>
      {shown ? <ApprovalDialog key={shown} id={shown} onClose={() => show(null)} /> : null}
    </Page>
  );
}

function ApprovalTable({ approvals, onShow }: { approvals: ApprovalView[]; onShow: (id: string) => void }) {
  const rowAt = useCallback((index: number) => approvals[index], [approvals]);
  const columns = useMemo(
    () =>
      columnsOf<ApprovalView>([
        ['what', 'What', (a) => <span title={a.summary}>{a.summary}</span>, { rowHeader: true }],
        [
          'state',
          'State',
          (a) => <StateMark shape={approvalLook[a.state].shape}>{approvalLook[a.state].word}</StateMark>,
          { width: 'w-36 max-md:w-32' },
        ],
        ['by', 'Asked by', (a) => a.requestedBy, { width: 'w-36', wideOnly: true }],
        ['at', 'Asked', (a) => formatDateTime(a.requestedAt), { width: 'w-44', wideOnly: true }],
        ['decided', 'Decided by', (a) => a.decidedBy ?? '–', { width: 'w-36', wideOnly: true }],
        [
          'show',
          'Action',
          (a) => (
            <Button
              size="small"
              kind={a.confirm.allowed ? 'primary' : 'bare'}
              aria-label={`${a.confirm.allowed ? 'Decide' : 'Show'}: ${a.summary}`}
              onClick={() => onShow(a.id)}
            >
              {a.confirm.allowed ? 'Decide' : 'Show'}
            </Button>
          ),
          { width: 'w-24' },
        ],
      ]),
    [onShow],
  );
  return (
    <div className="overflow-clip rounded-lg border bg-panel">
      <DataTable label="Approvals" columns={columns} count={approvals.length} rowAt={rowAt} />
    </div>
  );
}
