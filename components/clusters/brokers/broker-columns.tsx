// The columns of the brokers table.
import Link from 'next/link';
import { Age } from '@/components/shell/age';
import { bigintOf, type SortKey } from '@/components/ui/sort-rows';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { BrokerRow } from '@/lib/contracts/monitoring/brokers';
import type { SweepGap } from '@/lib/contracts/monitoring/seen';
import { formatBytes, formatMillis, groupDigits } from '@/lib/format';
import { whyMissing } from '../observed/gaps';
import { LookBadge } from '../observed/look';
import { brokerHref } from '../observed/paths';
import { brokerLook, roleWord } from './broker-words';
import { DiskUse } from './disk-use';
import { DisksAge } from './disks-age';
import { OutOfSync } from './out-of-sync';

const severity: Record<BrokerRow['state'], number> = { SERVING: 0, FENCED: 1, UNREACHABLE: 2, MISSING: 3 };

export const brokerSortKeys = {
  id: (row: BrokerRow): SortKey => row.id,
  state: (row: BrokerRow): SortKey => severity[row.state],
  latency: (row: BrokerRow): SortKey => row.latencyMs,
  leaders: (row: BrokerRow): SortKey => row.leaders,
  replicas: (row: BrokerRow): SortKey => row.replicas,
  outOfSync: (row: BrokerRow): SortKey => row.outOfSync,
  logBytes: (row: BrokerRow): SortKey => bigintOf(row.logBytes),
  disk: (row: BrokerRow): SortKey => row.diskUsedRatio,
  changes: (row: BrokerRow): SortKey => row.stateChanges,
};

export const whyNoDisk = (gaps: readonly SweepGap[], id: number): string =>
  whyMissing(gaps, ['LOG_DIRS'], 'Brokers tell the size of their disks from Kafka 3.3 on.', id);

export const brokerColumns = (cluster: string, gaps: readonly SweepGap[]) =>
  columnsOf<BrokerRow>([
    [
      'id',
      'Broker',
      (row) => (
        <Link href={brokerHref(cluster, row.id)} className="font-mono hover:underline">
          {row.id}
        </Link>
      ),
      { sort: 'id', rowHeader: true, width: 'w-[88px]' },
    ],
    [
      'state',
      'State',
      (row) => (
        <span className="flex min-w-0 items-center gap-2">
          <LookBadge look={brokerLook(row)} />
          {row.state !== 'SERVING' && row.sinceMs !== null ? (
            <span className="shrink-0 text-[13px] text-soft">
              <Age at={row.sinceMs} />
            </span>
          ) : null}
        </span>
      ),
      { sort: 'state', width: 'md:w-[204px]' },
    ],
    [
      'address',
      'Address',
      (row) => (
        <span
          className="block truncate font-mono text-[13px]"
          title={row.host === null ? undefined : `${row.host}:${row.port}`}
        >
          <CellValue
            value={row.host}
            format={(host) => `${host}:${row.port}`}
            why="The cluster does not name it: nobody tells its address."
          />
        </span>
      ),
      { wideOnly: true },
    ],
    [
      'rack',
      'Rack',
      (row) => <CellValue value={row.rack} format={String} why="The broker has no rack set." />,
      { width: 'w-24', wideOnly: true },
    ],
    [
      'role',
      'Quorum',
      (row) => (
        <CellValue
          value={roleWord(row.quorumRole)}
          format={String}
          why={whyMissing(gaps, ['QUORUM'], 'It is not named in the metadata quorum.')}
        />
      ),
      { menu: 'Role in the quorum', width: 'w-24', wideOnly: true },
    ],
    [
      'latency',
      'Latency',
      (row) => (
        <CellValue
          value={row.latencyMs}
          format={formatMillis}
          why={row.why ?? 'It has not answered us yet.'}
        />
      ),
      {
        ...{ sort: 'latency', width: 'w-22', numeric: true, wideOnly: true },
        about: 'Of the quickest small request of the sweep, from here to the broker and back.',
      },
    ],
    [
      'leaders',
      'Leaders',
      (row) => groupDigits(row.leaders),
      { sort: 'leaders', width: 'w-24', numeric: true, wideOnly: true, about: 'Partitions that it leads.' },
    ],
    [
      'replicas',
      'Replicas',
      (row) => groupDigits(row.replicas),
      { sort: 'replicas', width: 'w-24', numeric: true, wideOnly: true, extra: true },
    ],
    [
      'outOfSync',
      'Not in sync',
      (row) => <OutOfSync count={row.outOfSync} />,
      {
        sort: 'outOfSync',
        width: 'w-28',
        numeric: true,
        wideOnly: true,
        about: 'Replicas that it holds and that are not in sync.',
      },
    ],
    [
      'logBytes',
      'Logs',
      (row) => (
        <span className="inline-flex flex-wrap justify-end gap-x-2">
          <CellValue value={row.logBytes} format={formatBytes} why={whyNoDisk(gaps, row.id)} />
          <DisksAge at={row.disksOldSince} />
        </span>
      ),
      {
        menu: 'Size of its logs',
        sort: 'logBytes',
        width: 'w-32',
        numeric: true,
        wideOnly: true,
        extra: true,
      },
    ],
    [
      'disk',
      'Disk',
      (row) =>
        row.diskUsedRatio === null ? (
          <CellValue value={null} format={String} why={whyNoDisk(gaps, row.id)} />
        ) : (
          <span className="inline-flex flex-wrap justify-end gap-x-2">
            <DiskUse ratio={row.diskUsedRatio} />
            <DisksAge at={row.disksOldSince} />
          </span>
        ),
      {
        ...{ menu: 'Disk in use', sort: 'disk', width: 'w-40 max-md:w-28', numeric: true },
        about: 'How full its fullest disk is, by whomever.',
      },
    ],
    [
      'version',
      'Kafka',
      (row) => <CellValue value={row.kafkaVersion} format={String} why="Its release cannot be told." />,
      { menu: 'Release of Kafka', width: 'w-28', wideOnly: true, extra: true },
    ],
    [
      'changes',
      'Came and went',
      (row) => groupDigits(row.stateChanges),
      {
        ...{ sort: 'changes', width: 'w-32', numeric: true, wideOnly: true, extra: true },
        about: 'Times that it went or came back since Landbridge watches.',
      },
    ],
  ]);
