// The table of a link's consumer groups, worst first: filtered and cut on the server.
'use client';
import { type ReactNode, useCallback, useMemo } from 'react';
import { Age } from '@/components/shell/age';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Input, Select } from '@/components/ui/field';
import { Banner, Empty } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { type GroupPage, groupQuery, groupStatus } from '@/lib/contracts/consumer-group';
import type { LinkRow } from '@/lib/contracts/link';
import type { LinkTask } from '@/lib/contracts/link-task';
import { groupDigits, plural } from '@/lib/format';
import { useDebouncedText } from '../use-debounced';
import { groupColumns } from './group-columns';
import { groupLook, syncStands } from './group-words';
import { GROUPS_A_PAGE, type GroupFilter, useGroups } from './queries';

export function GroupsTable({
  link,
  task,
  buttons,
}: {
  link: LinkRow;
  task: LinkTask | undefined;
  buttons: ReactNode;
}) {
  const { params } = useUrlState();
  const filter = useMemo(() => filterIn(params), [params]);
  const query = useGroups(link.destination.name, link.name, filter);
  return (
    <QueryView
      query={query}
      what="the consumer groups"
      // The groups are as old as the last sync, which the page says; what is called stale is the answer.
      snapshotOf={() => ({ asOf: query.dataUpdatedAt })}
      skeleton={
        <div className="rounded-lg border bg-panel">
          <TableSkeleton rows={10} widths={['flex-1', 'w-40', 'w-24', 'w-32', 'w-24', 'w-24']} />
        </div>
      }
    >
      {(page) =>
        page.enabled ? (
          <Shown link={link} task={task} page={page} filter={filter} buttons={buttons} />
        ) : (
          <Empty title="Offsets of consumer groups are not synced" actions={buttons}>
            Switched on, the link commits on {link.destination.name} what groups have committed on{' '}
            {link.source.name}: the same numbers, for groups without members there. Consumers that move then
            go on where they stopped.
          </Empty>
        )
      }
    </QueryView>
  );
}

function Shown({
  link,
  task,
  page,
  filter,
  buttons,
}: {
  link: LinkRow;
  task: LinkTask | undefined;
  page: GroupPage;
  filter: GroupFilter;
  buttons: ReactNode;
}) {
  const { rows } = page;
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  const stands = syncStands(task);
  const unfiltered = filter.filter === '' && filter.attention === '0' && !filter.status;
  return (
    <>
      {stands ? (
        <Banner tone="warn" title={stands}>
          {page.asOf === null ? (
            'Nothing is known yet.'
          ) : (
            <>
              What is shown is from the last sync, <Age at={page.asOf} />.
            </>
          )}
        </Banner>
      ) : null}
      {task?.errors.map(({ code, message }) => (
        <Banner key={`${code} ${message}`} tone="warn" title={errorTitle(code)}>
          {message}
        </Banner>
      ))}
      <section aria-label="Consumer groups" className="min-w-0 overflow-clip rounded-lg border bg-panel">
        <Toolbar page={page} filter={filter} buttons={buttons} />
        <DataTable
          label={`Consumer groups of ${link.name}`}
          columns={groupColumns}
          count={rows.length}
          rowAt={rowAt}
          className="max-h-[max(432px,calc(100dvh-220px))]"
          empty={
            page.asOf === null
              ? 'The first sync has not ended yet.'
              : unfiltered
                ? 'The filters let no group of the source through.'
                : 'No group matches.'
          }
        />
        <Pages page={page} filter={filter} />
      </section>
    </>
  );
}

function Toolbar({ page, filter, buttons }: { page: GroupPage; filter: GroupFilter; buttons: ReactNode }) {
  const { patch } = useUrlState();
  const apply = useCallback((text: string) => patch({ filter: text, page: null }), [patch]);
  const [typed, setTyped] = useDebouncedText(filter.filter, apply);
  const onlyAttention = filter.attention === '1';
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <Input
        type="search"
        aria-label="Filter groups by name"
        placeholder={`Filter ${plural(page.total, 'group')}`}
        className="w-full sm:w-64"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button
        aria-pressed={onlyAttention}
        onClick={() => patch({ attention: onlyAttention ? null : '1', page: null })}
        className="aria-pressed:border-accent aria-pressed:bg-accent-soft"
      >
        Not in step <strong>{groupDigits(notInStep(page))}</strong>
      </Button>
      <Select
        aria-label="Offsets"
        className="w-auto"
        value={filter.status ?? ''}
        onChange={(event) => patch({ status: event.target.value, page: null })}
      >
        <option value="">Any</option>
        {groupStatus.options.map((status) => (
          <option key={status} value={status}>
            {groupLook(status).word} ({groupDigits(page.byStatus[status] ?? 0)})
          </option>
        ))}
      </Select>
      <p role="status" className="text-soft sm:ml-auto">
        {page.asOf === null ? (
          'not synced yet'
        ) : (
          <>
            synced <Age at={page.asOf} />
          </>
        )}
      </p>
      {buttons}
    </div>
  );
}

function Pages({ page, filter }: { page: GroupPage; filter: GroupFilter }) {
  const { patch } = useUrlState();
  if (page.matched <= GROUPS_A_PAGE) return null;
  const last = Math.ceil(page.matched / GROUPS_A_PAGE) - 1;
  const first = filter.page * GROUPS_A_PAGE + 1;
  const go = (to: number) => patch({ page: to === 0 ? null : String(to) });
  return (
    <nav aria-label="Pages of groups" className="flex items-center gap-2 border-t px-4 py-2">
      <Button size="small" disabled={filter.page === 0} onClick={() => go(filter.page - 1)}>
        Previous
      </Button>
      <Button size="small" disabled={filter.page >= last} onClick={() => go(filter.page + 1)}>
        Next
      </Button>
      <p className="text-soft">
        {groupDigits(first)}–{groupDigits(Math.min(page.matched, first + GROUPS_A_PAGE - 1))} of{' '}
        {groupDigits(page.matched)}
      </p>
    </nav>
  );
}

/** AUTHORIZATION_ERROR → Authorization error */
const errorTitle = (code: string): string => {
  const words = code.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function notInStep({ byStatus }: GroupPage): number {
  return (['BUSY', 'NOT_AUTHORIZED', 'IN_ERROR', 'USED'] as const).reduce(
    (sum, status) => sum + (byStatus[status] ?? 0),
    0,
  );
}

/** The table's part of the query string; what does not parse is left at its default. */
function filterIn(params: { get: (key: string) => string | null }): GroupFilter {
  const { filter, attention, status, offset } = groupQuery.shape;
  const given = (key: string) => params.get(key) ?? undefined;
  return {
    filter: filter.catch('').parse(given('filter')),
    attention: attention.catch('0').parse(given('attention')),
    status: status.catch(undefined).parse(given('status')),
    page: offset.catch(0).parse(given('page')),
  };
}
