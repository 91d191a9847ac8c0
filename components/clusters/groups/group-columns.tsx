// The columns of the consumer groups table.
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { MonitoredGroupRow } from '@/lib/contracts/monitoring/groups';
import { formatDuration, formatEstimatedBytes, formatRate, groupDigits } from '@/lib/format';
import { LookBadge } from '../observed/look';
import { GroupLink } from '../topics/topic-groups';
import { GroupState } from './group-state';
import { leftOut, progressLook, whyNoLag, whyNoSeconds } from './group-words';

const commitsWhy = 'The group’s coordinator has not told what it has committed.';
const membersWhy = 'The group’s coordinator has not told its members.';

const noRate = 'Rates take two sweeps: the next one tells.';

export const groupColumns = (cluster: string) =>
  columnsOf<MonitoredGroupRow>([
    [
      'group',
      'Consumer group',
      (row) => <GroupLink cluster={cluster} group={row.group} />,
      { sort: 'group', rowHeader: true, width: 'max-md:w-[36%]' },
    ],
    [
      'progress',
      'Progress',
      (row) => <LookBadge look={progressLook(row)} />,
      { sort: 'trouble', width: 'md:w-[224px] max-md:w-[33%]' },
    ],
    ['state', 'State', (row) => <GroupState row={row} />, { sort: 'state', width: 'w-32', wideOnly: true }],
    [
      'type',
      'Type',
      (row) => (row.type === 'unknown' ? 'not told' : row.type),
      { width: 'w-24', wideOnly: true, extra: true },
    ],
    [
      'members',
      'Members',
      (row) => <CellValue value={row.members} format={groupDigits} why={row.why ?? membersWhy} />,
      { sort: 'members', width: 'w-24', numeric: true, wideOnly: true },
    ],
    [
      'topics',
      'Topics',
      (row) => (
        <span title={`${row.topicNames.join(', ')}${(row.topics ?? 0) > row.topicNames.length ? ', …' : ''}`}>
          <CellValue value={row.topics} format={groupDigits} why={row.why ?? commitsWhy} />
        </span>
      ),
      { width: 'w-20', numeric: true, wideOnly: true, extra: true },
    ],
    [
      'partitions',
      'Partitions',
      (row) => <CellValue value={row.partitions} format={groupDigits} why={row.why ?? commitsWhy} />,
      {
        ...{ sort: 'partitions', width: 'w-[104px]', numeric: true, wideOnly: true, extra: true },
        about: 'Partitions that it has committed.',
      },
    ],
    [
      'lagMessages',
      'Lag, messages',
      (row) => (
        <span
          title={[row.lagMessages && groupDigits(row.lagMessages), leftOut(row)].filter(Boolean).join(', ')}
        >
          <CellValue value={row.lagMessages} format={groupDigits} why={whyNoLag(row)} />
        </span>
      ),
      {
        ...{ sort: 'lagMessages', width: 'w-[144px] max-md:w-[31%]', numeric: true },
        about: 'Last stable offset − committed offset, over all its partitions.',
      },
    ],
    [
      'lagBytes',
      'Bytes',
      (row) => (
        <span className="text-soft">
          <CellValue value={row.lagBytes} format={formatEstimatedBytes} why={whyNoLag(row)} />
        </span>
      ),
      { menu: 'Lag, bytes', width: 'w-[104px]', numeric: true, wideOnly: true },
    ],
    [
      'lagSeconds',
      'Lag, time',
      (row) => <CellValue value={row.maxLagSeconds} format={formatDuration} why={whyNoSeconds(row)} />,
      {
        ...{ sort: 'lagSeconds', width: 'w-28', numeric: true, wideOnly: true },
        about: 'Of its worst partition: the age of the first message that is not committed yet.',
      },
    ],
    [
      'commitRate',
      'Commits/s',
      (row) => (
        <CellValue
          value={row.commitRate}
          format={formatRate}
          why={row.unknownSince === null ? noRate : whyNoLag(row)}
        />
      ),
      {
        ...{ sort: 'commitRate', width: 'w-[114px]', numeric: true, wideOnly: true },
        about: 'Offsets that its commits move on a second.',
      },
    ],
    [
      'headroom',
      'Headroom',
      (row) => (
        <CellValue
          value={row.retentionHeadroomSeconds}
          format={formatDuration}
          why="Retention does not overtake it at present rates, or that is not known."
        />
      ),
      {
        ...{ menu: 'Headroom before retention', width: 'w-28', numeric: true, wideOnly: true, extra: true },
        about: 'Time until retention overtakes it, at present rates.',
      },
    ],
    [
      'lost',
      'Lost',
      (row) => groupDigits(row.lost),
      {
        ...{ menu: 'Lost messages', width: 'w-24', numeric: true, wideOnly: true, extra: true },
        about: 'Messages that retention has deleted in front of its commits since Landbridge watches.',
      },
    ],
    [
      'coordinator',
      'Coordinator',
      (row) => (
        <CellValue value={row.coordinator} format={String} why="Nobody has told which broker keeps it." />
      ),
      { width: 'w-28', numeric: true, wideOnly: true, extra: true },
    ],
  ]);
