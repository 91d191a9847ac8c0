// Settings → Audit: who did what, when, on which object, and how it ended; newest first and kept up to date.
'use client';
import { Download } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { SettingsTabs } from '@/components/access/settings-tabs';
import { AsOf } from '@/components/shell/freshness';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { serverNow } from '@/components/shell/server-clock';
import { useUrlState } from '@/components/shell/use-url-state';
import { ButtonLink } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { AuditEntry } from '@/lib/contracts/audit';
import { auditColumns } from './columns';
import { EntryDialog } from './entry-dialog';
import { filterIn, isFiltered, type PageFilter, searchOf } from './filter';
import { exportHref, useAuditEntries } from './queries';
import { AuditToolbar } from './toolbar';

export function Audit() {
  const { params, patch } = useUrlState();
  const filter = useMemo(() => filterIn(params), [params]);
  const search = useStableSearch(filter);
  const query = useAuditEntries(search);
  const shown = params.get('entry');
  const show = useCallback((id: string | null) => patch({ entry: id }, id ? 'push' : 'replace'), [patch]);
  return (
    <Page>
      <PageHeader
        title="Audit"
        actions={
          <>
            {query.data ? <AsOf asOf={query.data.asOf} /> : null}
            <ExportLink search={search} format="csv" label="CSV" />
            <ExportLink search={search} format="jsonl" label="JSON lines" />
          </>
        }
      />
      <SettingsTabs />
      <QueryView
        query={query}
        what="the audit log"
        snapshotOf={({ asOf }) => ({ asOf })}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={12} widths={['w-36', 'w-44', 'flex-1', 'w-24', 'w-20']} />
          </div>
        }
      >
        {({ rows, more, searchedBackTo }) => (
          <section aria-label="Entries" className="min-w-0 overflow-clip rounded-lg border bg-panel">
            <AuditToolbar filter={filter} count={rows.length} searchedBackTo={more ? searchedBackTo : null} />
            <Entries
              rows={rows}
              more={more}
              filtered={isFiltered(filter)}
              onRange={query.onRange}
              onShow={show}
            />
          </section>
        )}
      </QueryView>
      {shown ? <EntryDialog key={shown} id={shown} onClose={() => show(null)} /> : null}
    </Page>
  );
}

/** "The last hour" is counted from when it was chosen: the question must not change while its answer is read. */
function useStableSearch(filter: PageFilter): string {
  const key = JSON.stringify(filter);
  const make = () => ({ key, search: searchOf(filter, serverNow()).toString() });
  const [stable, setStable] = useState(make);
  if (stable.key !== key) setStable(make());
  return stable.search;
}

function Entries({
  rows,
  more,
  filtered,
  onRange,
  onShow,
}: {
  rows: AuditEntry[];
  more: boolean;
  filtered: boolean;
  onRange: (first: number, last: number) => void;
  onShow: (id: string) => void;
}) {
  const columns = useMemo(() => auditColumns(onShow), [onShow]);
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  return (
    <DataTable<AuditEntry>
      label="Audit entries"
      columns={columns}
      count={rows.length + (more ? 1 : 0)}
      rowAt={rowAt}
      onRange={onRange}
      className="max-h-[max(432px,calc(100dvh-280px))]"
      empty={filtered ? 'No entry matches this filter.' : 'Nothing is recorded that you may see.'}
    />
  );
}

function ExportLink({ search, format, label }: { search: string; format: 'csv' | 'jsonl'; label: string }) {
  return (
    <ButtonLink
      href={exportHref(search, format)}
      prefetch={false}
      download
      // "The last hour" ends a moment earlier as the server drew it.
      suppressHydrationWarning
      aria-label={`Export as ${label}`}
      title="Everything that the filter finds; the export is recorded"
    >
      <Download aria-hidden size={15} />
      {label}
    </ButtonLink>
  );
}
