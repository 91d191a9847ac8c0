// The log directories of a broker: how full their disks are, and which the broker has given up.
'use client';
import { useCallback } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { BrokerDetail, LogDirView } from '@/lib/contracts/monitoring/brokers';
import { formatBytes, groupDigits } from '@/lib/format';
import { LookBadge } from '../observed/look';
import { whyNoDisk } from './broker-columns';
import { DiskUse } from './disk-use';
import { DisksAge } from './disks-age';

export function LogDirs({ detail: { broker, gaps } }: { detail: BrokerDetail }) {
  const dirs = broker.dirs ?? none;
  const rowAt = useCallback((index: number) => dirs[index], [dirs]);
  return (
    <Panel title="Disks" id="disks" aside={<DisksAge at={broker.disksOldSince} />}>
      <DataTable
        label={`Log directories of broker ${broker.id}`}
        columns={columns}
        count={dirs.length}
        rowAt={rowAt}
        still
        className="max-h-[432px]"
        empty={`Not known. ${whyNoDisk(gaps, broker.id)}`}
      />
    </Panel>
  );
}
const none: LogDirView[] = [];

const noSize = 'Brokers tell the size of their disks from Kafka 3.3 on.';

const columns = columnsOf<LogDirView>([
  [
    'path',
    'Log directory',
    (row) => (
      <span className="block truncate font-mono text-[13px]" title={row.path}>
        {row.path}
      </span>
    ),
    { rowHeader: true, width: 'max-md:w-[40%]' },
  ],
  [
    'state',
    'State',
    (row) => (
      <LookBadge
        look={
          row.offline
            ? { shape: 'square', word: 'Given up', why: 'The broker cannot use it: its disk has failed.' }
            : { shape: 'circle', word: 'In use' }
        }
      />
    ),
    { width: 'w-32 max-md:w-24' },
  ],
  [
    'replicas',
    'Replicas',
    (row) => groupDigits(row.replicas),
    { width: 'w-24', numeric: true, wideOnly: true },
  ],
  [
    'logs',
    'Logs',
    (row) => (
      <CellValue value={row.logBytes} format={formatBytes} why="Not told of a directory that is given up." />
    ),
    { width: 'w-28', numeric: true, wideOnly: true },
  ],
  [
    'used',
    'In use',
    (row) => <CellValue value={row.usedBytes} format={formatBytes} why={noSize} />,
    { width: 'w-28', numeric: true, wideOnly: true, about: 'Of its volume, by whomever.' },
  ],
  [
    'total',
    'Volume',
    (row) => <CellValue value={row.totalBytes} format={formatBytes} why={noSize} />,
    { width: 'w-28', numeric: true, wideOnly: true },
  ],
  [
    'share',
    'Full',
    (row) =>
      row.totalBytes === null || row.usedBytes === null || row.totalBytes === '0' ? (
        <CellValue value={null} format={String} why={noSize} />
      ) : (
        <DiskUse ratio={Number(row.usedBytes) / Number(row.totalBytes)} />
      ),
    { width: 'w-40 max-md:w-24', numeric: true },
  ],
]);
