// The configs of a topic, and where each value comes from: what is set on the topic itself stands first.
'use client';
import { useCallback, useMemo, useState } from 'react';
import { Age } from '@/components/shell/age';
import { DataTable } from '@/components/ui/data-table';
import { Check, Input } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { TopicConfig, TopicDetail } from '@/lib/contracts/monitoring/topics';
import { plural } from '@/lib/format';
import { whyMissing } from '../observed/gaps';
import { configMeaning, configSourceWords } from './topic-words';

export function TopicConfigs({ detail }: { detail: TopicDetail }) {
  const { configs, configsAt, gaps, topic } = detail;
  const own = configs?.filter(({ source }) => source === 'TOPIC').length ?? 0;
  return (
    <Panel
      title="Configs"
      id="configs"
      aside={
        configs ? (
          <span className="flex flex-wrap gap-x-4 text-soft">
            {configsAt === null ? null : (
              <span title="Configs are read every few minutes, not with each sweep.">
                read <Age at={configsAt} />
              </span>
            )}
            <span>{plural(own, 'is', 'are')} set on this topic</span>
          </span>
        ) : null
      }
    >
      {configs === null ? (
        <p className="px-4 py-3 text-soft">
          Not known. {whyMissing(gaps, ['TOPIC_CONFIGS'], 'The configs have not been read yet.')}
        </p>
      ) : (
        <Configs configs={configs} name={topic.name} />
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
              why="Brokers keep secrets to themselves."
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
