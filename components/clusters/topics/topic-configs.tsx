// All configs of a topic as a broker tells them now, and where each value comes from: what is set on the topic itself stands first. Until they are
// read, and where they cannot be, those few that sweeps read.
'use client';
import { TriangleAlert } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { Age } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { useIsStale } from '@/components/shell/freshness';
import { CONFIGS_STALE_AFTER_MS } from '@/components/shell/intervals';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { Check, Input } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { TopicConfig, TopicDetail } from '@/lib/contracts/monitoring/topics';
import { plural } from '@/lib/format';
import { useTopicConfigs } from '../observed/queries';
import { configMeaning, configSourceWords } from './topic-words';

export function TopicConfigs({ detail }: { detail: TopicDetail }) {
  const { cluster, topic } = detail;
  const query = useTopicConfigs(cluster, topic.name);
  const failure = failureFrom(query.error);
  const configs = query.data?.configs ?? detail.configs;
  const readAt = query.data?.readAt ?? detail.configsAt;
  const isStale = useIsStale({ asOf: readAt, staleAfterMs: CONFIGS_STALE_AFTER_MS });
  const own = configs?.filter(({ source }) => source === 'TOPIC').length ?? 0;
  return (
    <Panel
      title="Configs"
      id="configs"
      aside={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
          {readAt === null ? null : (
            <span>
              read <Age at={readAt} />
            </span>
          )}
          {configs ? <span>{plural(own, 'is', 'are')} set on this topic</span> : null}
          <Button size="small" onClick={() => void query.refetch()} disabled={query.isFetching}>
            {query.isFetching ? 'Reading…' : 'Read again'}
          </Button>
        </span>
      }
    >
      {failure && configs ? (
        <p role="status" className="flex gap-2 border-b px-4 py-2">
          <TriangleAlert aria-hidden className="mt-0.5 shrink-0 text-warn" size={16} />
          <span className="min-w-0 wrap-anywhere">
            {failure.message}{' '}
            {query.data
              ? 'Shown is what was read before.'
              : `Shown are the ${plural(configs.length, 'config')} that sweeps read every few minutes.`}
          </span>
        </p>
      ) : null}
      {configs === null ? (
        <p className="px-4 py-3 text-soft">
          {failure ? `Not known. ${failure.message}` : 'Being read from a broker.'}
        </p>
      ) : (
        // Read apart from the sweep: how old that is says nothing of them.
        <div data-stale={isStale} className="contents">
          <Configs configs={configs} name={topic.name} />
        </div>
      )}
    </Panel>
  );
}

function Configs({ configs, name }: { configs: TopicConfig[]; name: string }) {
  const [text, setText] = useState('');
  const [onlyOwn, setOnlyOwn] = useState(false);
  const shown = useMemo(() => {
    const needle = text.trim().toLowerCase();
    return configs
      .filter((row) => row.name.includes(needle) && (!onlyOwn || row.source === 'TOPIC'))
      .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  }, [configs, text, onlyOwn]);
  const rowAt = useCallback((index: number) => shown[index], [shown]);
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 border-b px-4 py-2">
        <Input
          type="search"
          aria-label="Filter configs by name"
          placeholder={`Filter ${plural(configs.length, 'config')}`}
          className="w-full sm:w-64"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Check
          label="Only what is set on this topic"
          checked={onlyOwn}
          onChange={(event) => setOnlyOwn(event.target.checked)}
        />
      </div>
      <DataTable
        label={`Configs of ${name}`}
        columns={columns}
        count={shown.length}
        rowAt={rowAt}
        className="max-h-[432px]"
        still
        empty={text ? 'No config matches.' : 'Nothing is set on this topic: all values are inherited.'}
      />
    </>
  );
}

const rank = ({ source }: TopicConfig): number => (source === 'TOPIC' ? 0 : source === 'DEFAULT' ? 2 : 1);

const columns = columnsOf<TopicConfig>([
  [
    'name',
    'Config',
    (row) => (
      <span className="block truncate font-mono text-[13px]" title={row.name}>
        {row.name}
      </span>
    ),
    { rowHeader: true, width: 'max-md:w-[50%] md:w-[38%]' },
  ],
  [
    'value',
    'Value',
    (row) => {
      const meaning = configMeaning(row.name, row.value);
      return (
        <span className="block truncate" title={row.value ?? undefined}>
          <span className="font-mono text-[13px]">
            <CellValue
              value={row.value}
              format={(text) => text || 'none'}
              why="The broker tells no value: none is set, or it is a secret."
            />
          </span>
          {meaning ? <span className="text-soft"> · {meaning}</span> : null}
        </span>
      );
    },
  ],
  [
    'source',
    'From',
    (row) => (
      <span className={row.source === 'TOPIC' ? 'font-medium' : 'text-soft'}>
        {configSourceWords[row.source]}
      </span>
    ),
    { width: 'md:w-44 max-md:w-[24%]' },
  ],
]);
