// A link's settings: which are at their default, which were set.
'use client';
import { useCallback } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';

type Setting = { key: string; value: string | null; isDefault: boolean };

const columns = columnsOf<Setting>([
  ['key', 'Setting', (row) => <span className="font-mono text-[13px]">{row.key}</span>, { rowHeader: true }],
  [
    'value',
    'Value',
    (row) => (
      <span className="font-mono text-[13px]" title={row.value === null ? 'Not limited.' : undefined}>
        {row.value ?? 'none'}
      </span>
    ),
    { width: 'w-[34%]' },
  ],
  [
    'origin',
    'Origin',
    (row) => (row.isDefault ? <span className="text-soft">default</span> : <strong>set</strong>),
    { width: 'w-24' },
  ],
]);

export function SettingsTable({ settings }: { settings: Setting[] }) {
  const rowAt = useCallback((index: number) => settings[index], [settings]);
  return (
    <Panel title="Settings" id="settings">
      <DataTable label="Settings" columns={columns} count={settings.length} rowAt={rowAt} />
    </Panel>
  );
}
