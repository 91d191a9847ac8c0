// Chooses topics of the source: filter, select all that match, thousands of rows.
'use client';
import { useCallback, useMemo, useState } from 'react';
import { useClusterTopics } from '@/components/clusters/queries';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Check, Input } from '@/components/ui/field';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { TopicView } from '@/lib/contracts/cluster';
import { groupDigits, plural } from '@/lib/format';
import { mirrorNameOf } from '@/lib/mirror-name';
import type { TopicChoice } from './draft';
import { isInternal, matchingTopics, withAll, withoutAll } from './topic-matching';

type Chosen = Pick<TopicChoice, 'topics' | 'names'>;
type Props = {
  source: string;
  /** Of the link: what mirrors are called where nobody chooses a name. */
  prefix: string;
  choice: Chosen;
  onChange: (choice: Partial<Chosen>) => void;
};

export function TopicPicker(props: Props) {
  const query = useClusterTopics(props.source);
  return (
    <section aria-label={`Topics of ${props.source}`} className="overflow-clip rounded-lg border bg-panel">
      <QueryView
        query={query}
        what={`the topics of ${props.source}`}
        skeleton={<TableSkeleton rows={10} widths={['w-4', 'flex-1', 'w-20', 'w-20']} />}
      >
        {({ topics }) => <Picker {...props} topics={topics} />}
      </QueryView>
    </section>
  );
}

function Picker({ prefix, choice, onChange, topics }: Props & { topics: TopicView[] }) {
  const { topics: selected, names } = choice;
  const [filter, setFilter] = useState('');
  const [internal, setInternal] = useState(false);
  const matching = useMemo(() => matchingTopics(topics, filter, internal), [topics, filter, internal]);
  const chosen = useMemo(() => new Set(selected), [selected]);
  const rowAt = useCallback((index: number) => matching[index], [matching]);
  const columns = useMemo(
    () => pickerColumns({ chosen, selected, names, prefix, onChange }),
    [chosen, selected, names, prefix, onChange],
  );
  const allChosen = matching.length > 0 && matching.every(({ name }) => chosen.has(name));
  const hidden = topics.filter(isInternal).length;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
        <Input
          type="search"
          aria-label="Filter topics"
          placeholder={`Filter ${plural(topics.length - (internal ? 0 : hidden), 'topic')}`}
          className="w-full sm:w-64"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <Button
          disabled={matching.length === 0}
          onClick={() =>
            onChange({ topics: allChosen ? withoutAll(selected, matching) : withAll(selected, matching) })
          }
        >
          {allChosen ? 'Unselect' : 'Select'} all {groupDigits(matching.length)}
          {filter ? ' matching' : ''}
        </Button>
        {hidden > 0 ? (
          <Check
            checked={internal}
            onChange={(event) => setInternal(event.target.checked)}
            label={`Show ${plural(hidden, 'internal topic')}`}
          />
        ) : null}
        <p role="status" className="font-medium sm:ml-auto">
          {groupDigits(selected.length)} selected
        </p>
        {selected.length > 0 ? (
          <Button kind="bare" size="small" onClick={() => onChange({ topics: [] })}>
            Clear
          </Button>
        ) : null}
      </div>
      <DataTable
        label="Topics"
        columns={columns}
        count={matching.length}
        rowAt={rowAt}
        className="max-h-[46vh]"
        empty={topics.length === 0 ? 'This cluster has no topics.' : 'No topic matches this filter.'}
      />
    </>
  );
}

const pickerColumns = ({
  chosen,
  selected,
  names,
  prefix,
  onChange,
}: {
  chosen: Set<string>;
  selected: string[];
  names: Record<string, string>;
  prefix: string;
  onChange: Props['onChange'];
}) =>
  columnsOf<TopicView>([
    [
      'name',
      'Topic',
      (topic) => (
        <Check
          className="max-w-full"
          checked={chosen.has(topic.name)}
          onChange={(event) =>
            onChange({
              topics: event.target.checked
                ? [...selected, topic.name].sort()
                : selected.filter((name) => name !== topic.name),
            })
          }
          label={
            <span className="truncate font-mono text-[13px]" title={topic.name}>
              {topic.name}
            </span>
          }
        />
      ),
      { rowHeader: true },
    ],
    [
      'mirror',
      'Mirror topic',
      (topic) =>
        chosen.has(topic.name) ? (
          <Input
            className="h-7 font-mono text-[13px]"
            aria-label={`Name of the mirror of ${topic.name}`}
            placeholder={mirrorNameOf(prefix, topic.name)}
            value={names[topic.name] ?? ''}
            spellCheck={false}
            onChange={(event) => onChange({ names: { ...names, [topic.name]: event.target.value } })}
          />
        ) : null,
      { width: 'w-[30%]', wideOnly: true },
    ],
    ['partitions', 'Partitions', (topic) => groupDigits(topic.partitions), { width: 'w-24', numeric: true }],
    [
      'factor',
      'Replication',
      (topic) => groupDigits(topic.replicationFactor),
      { width: 'w-28', numeric: true, wideOnly: true },
    ],
    [
      'policy',
      'Cleanup',
      (topic) => (
        <CellValue value={topic.cleanupPolicy} format={String} why="The topic's settings may not be read." />
      ),
      { width: 'w-36', wideOnly: true },
    ],
  ]);
