// The mirrors of a link: filter, attention and sorting in the URL, rows from the server, any number of them.
'use client';
import { type ReactNode, useCallback, useMemo } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Input, Select } from '@/components/ui/field';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { MirrorRow } from '@/lib/contracts/link';
import { mirrorQuery, mirrorState } from '@/lib/contracts/link';
import { groupDigits, plural } from '@/lib/format';
import { mirrorColumns } from './mirror-columns';
import { type MirrorFilter, useMirrorWindows } from './mirror-windows';
import { SelectionBar } from './selection-bar';
import { stateLook } from './states';
import { useDebouncedText } from './use-debounced';
import { useMatchingNames, useSelection } from './use-selection';

export function MirrorTable({
  destination,
  name,
  total,
  attention,
}: {
  destination: string;
  name: string;
  total: number;
  attention: number;
}) {
  const { params, patch } = useUrlState();
  const filter = useMemo(() => filterIn(params), [params]);
  const windows = useMirrorWindows(destination, name, filter);
  const selection = useSelection();
  const columns = useMemo(() => mirrorColumns(destination, name, selection), [destination, name, selection]);
  const onSort = useCallback(
    (sort: string, order: 'asc' | 'desc') =>
      patch({ sort: sort === 'worst' ? null : sort, order: order === 'desc' ? null : order }),
    [patch],
  );
  const sorting = { key: filter.sort, order: filter.order, onSort };
  const unfiltered = filter.filter === '' && filter.attention === '0' && !filter.state;
  return (
    <section aria-label="Mirrors" className="min-w-0 overflow-clip rounded-lg border bg-panel">
      <Toolbar filter={filter} total={total} attention={attention} matched={windows.data?.matched}>
        <SelectAll
          destination={destination}
          name={name}
          filter={filter}
          matched={windows.data?.matched}
          onNames={selection.add}
        />
      </Toolbar>
      <SelectionBar destination={destination} name={name} selection={selection} />
      <QueryView
        query={windows}
        what="the mirrors"
        skeleton={<TableSkeleton rows={12} widths={['flex-1', 'w-12', 'w-40', 'w-24', 'w-24']} />}
      >
        {({ matched }) => (
          <DataTable<MirrorRow>
            label={`Mirrors of ${name}`}
            columns={columns}
            count={matched}
            rowAt={windows.rowAt}
            sorting={sorting}
            onRange={windows.onRange}
            busy={windows.busy}
            className="max-h-[max(432px,calc(100dvh-220px))]"
            empty={
              unfiltered ? 'No mirrors yet. Add topics to start copying.' : 'No mirror matches this filter.'
            }
          />
        )}
      </QueryView>
    </section>
  );
}

function Toolbar({
  filter,
  total,
  attention,
  matched,
  children,
}: {
  filter: MirrorFilter;
  total: number;
  attention: number;
  matched: number | undefined;
  children: ReactNode;
}) {
  const { patch } = useUrlState();
  const apply = useCallback((text: string) => patch({ filter: text }), [patch]);
  const [typed, setTyped] = useDebouncedText(filter.filter, apply);
  const onlyAttention = filter.attention === '1';
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <Input
        type="search"
        aria-label="Filter mirrors by name"
        placeholder={`Filter ${plural(total, 'mirror')}`}
        className="w-full sm:w-64"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button
        aria-pressed={onlyAttention}
        onClick={() => patch({ attention: onlyAttention ? null : '1' })}
        className="aria-pressed:border-accent aria-pressed:bg-accent-soft"
      >
        Needs attention <strong>{groupDigits(attention)}</strong>
      </Button>
      <Select
        aria-label="State"
        className="w-auto"
        value={filter.state ?? ''}
        onChange={(event) => patch({ state: event.target.value })}
      >
        <option value="">Any state</option>
        {mirrorState.options.map((state) => (
          <option key={state} value={state}>
            {stateLook(state).word}
          </option>
        ))}
      </Select>
      {children}
      <p role="status" className="text-soft sm:ml-auto">
        {matched === undefined || matched === total
          ? filter.sort === 'worst'
            ? 'worst first'
            : ''
          : `${groupDigits(matched)} of ${groupDigits(total)}`}
      </p>
      {filter.sort === 'worst' ? null : (
        <Button kind="bare" size="small" onClick={() => patch({ sort: null, order: null })}>
          Worst first
        </Button>
      )}
    </div>
  );
}

function SelectAll({
  destination,
  name,
  filter,
  matched,
  onNames,
}: {
  destination: string;
  name: string;
  filter: MirrorFilter;
  matched: number | undefined;
  onNames: (topics: readonly string[]) => void;
}) {
  const names = useMatchingNames(destination, name);
  const failure = failureFrom(names.error);
  const filtered = filter.filter !== '' || filter.attention === '1' || filter.state !== undefined;
  return (
    <>
      <Button
        disabled={!matched || names.isPending}
        onClick={() => names.mutate(filter, { onSuccess: onNames })}
      >
        Select all {matched === undefined ? '' : groupDigits(matched)}
        {filtered ? ' matching' : ''}
      </Button>
      {failure ? (
        <p role="status" className="text-[13px] text-bad">
          {failure.message}
        </p>
      ) : null}
    </>
  );
}

/** The table's part of the query string; what does not parse is left at its default. */
function filterIn(params: { get: (key: string) => string | null }): MirrorFilter {
  const { filter, attention, state, sort, order } = mirrorQuery.shape;
  const given = (key: string) => params.get(key) ?? undefined;
  return {
    filter: filter.catch('').parse(given('filter')),
    attention: attention.catch('0').parse(given('attention')),
    state: state.catch(undefined).parse(given('state')),
    sort: sort.catch('worst').parse(given('sort')),
    order: order.catch('desc').parse(given('order')),
  };
}
