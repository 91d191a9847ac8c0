// Designed states of a link's Groups tab, for RENDERING TESTS; data checked against the contracts.
import {
  type GroupRow,
  type GroupStatus,
  groupDetail,
  groupPage,
  groupPreview,
} from '@/lib/contracts/consumer-group';
import * as data from './fixtures';
import type { Scene } from './scenes';

const TOTAL = 2_431;

const kinds: ((now: number) => Partial<GroupRow>)[] = [
  () => ({ status: 'IN_STEP', why: null, sourceState: 'Stable' }),
  () => ({ status: 'IN_STEP', why: null, type: 'consumer', sourceState: 'Stable' }),
  () => ({
    status: 'BEHIND',
    why: 'shop.clicks partition 3: The mirror safely holds offsets up to 9007199254740001: the group stands there until it has got to 9007199254740993.',
  }),
  () => ({
    status: 'NO_OFFSETS',
    why: 'It has committed nothing on a topic that the link mirrors.',
    partitions: 0,
    sourceLag: null,
    mirrorLag: null,
    mirrorState: null,
    lastSyncAt: null,
  }),
];

const worst: Partial<GroupRow>[] = [
  {
    group: 'billing-writer',
    status: 'NOT_AUTHORIZED',
    why: 'The link’s principal may not commit shop.orders-0 for billing-writer on cloud: READ on the group and on the topic are needed.',
    lastSyncAt: null,
    mirrorLag: null,
    mirrorState: null,
  },
  {
    group: 'checkout.fulfilment.eu-central-1.projection-builder-with-a-long-name',
    status: 'BUSY',
    type: 'consumer',
    mirrorState: 'Stable',
    why: 'checkout.fulfilment has members on cloud: offsets are committed only for groups without. Stop its consumers there and it goes on by itself.',
  },
  {
    group: 'search-indexer',
    status: 'USED',
    why: 'search-indexer is used on cloud since 2026-11-29T09:12:44.000Z: shop.orders partition 0 stands at 900, and the link’s last commit is 871. The link leaves it alone from then on. To have it synced again, delete its offsets on the mirrored topics there (kafka-consumer-groups.sh --delete-offsets).',
  },
  {
    group: 'work-queue',
    status: 'IN_STEP',
    type: 'share',
    why: null,
  },
];

function row(index: number, now: number): GroupRow {
  return {
    group: `team-${index % 17}.consumer-${String(index).padStart(4, '0')}`,
    mirrorGroup: worst[index]?.group ?? `team-${index % 17}.consumer-${String(index).padStart(4, '0')}`,
    type: 'classic',
    sourceState: 'Empty',
    mirrorState: 'Empty',
    status: 'IN_STEP',
    why: null,
    partitions: 12,
    sourceLag: String(1_204 * index),
    mirrorLag: String(1_204 * index + 31),
    lastSyncAt: now - 12_000,
    ...kinds[index % kinds.length]?.(now),
    ...worst[index],
  };
}

const counts: Partial<Record<GroupStatus, number>> = {
  NOT_AUTHORIZED: 1,
  BUSY: 1,
  USED: 1,
  BEHIND: 607,
  IN_STEP: 1_214,
  NO_OFFSETS: 607,
};

const page = (now: number, url: URL) => {
  const [offset, limit] = [Number(url.searchParams.get('offset')), Number(url.searchParams.get('limit'))];
  const rows = Array.from({ length: Math.min(limit, TOTAL - offset) }, (_, i) => row(offset + i, now));
  return groupPage.parse({
    enabled: true,
    asOf: now - 12_000,
    total: TOTAL,
    matched: TOTAL,
    byStatus: counts,
    rows,
  });
};
const empty = (enabled: boolean) => (now: number) =>
  groupPage.parse({
    enabled,
    asOf: enabled ? now - 3_000 : null,
    total: 0,
    matched: 0,
    byStatus: {},
    rows: [],
  });

const detail = (now: number) =>
  groupDetail.parse({
    asOf: now - 12_000,
    group: row(2, now),
    partitions: Array.from({ length: 12 }, (_, partition) => ({
      topic: 'shop.orders',
      sourceTopic: 'shop.orders',
      partition,
      sourceOffset: String(9_007_199_254_740_993n + BigInt(partition)),
      mirrorOffset: partition === 3 ? '9007199254740001' : String(9_007_199_254_740_993n + BigInt(partition)),
      sourceLag: String(partition * 12),
      mirrorLag: '0',
      why: partition === 3 ? 'The mirror safely holds offsets up to 9007199254740001.' : null,
    })),
    members: [
      { side: 'SOURCE', memberId: 'm1', clientId: 'search-indexer-7d9f-0', host: '10.4.0.17' },
      { side: 'SOURCE', memberId: 'm2', clientId: 'search-indexer-7d9f-1', host: '10.4.0.18' },
    ],
    membersTrouble: null,
  });

const filters = JSON.stringify({
  groupFilters: [
    { name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' },
    { name: 'console-consumer-', patternType: 'PREFIXED', filterType: 'EXCLUDE' },
  ],
});
const path = '/links/cloud/dc1-to-cloud?view=groups';
const api = {
  'links/cloud/dc1-to-cloud': (now: number) => ({
    ...data.linkPage(now, data.link('dc1-to-cloud', now)),
    settings: [
      { key: 'consumer.offset.sync.enable', value: 'true', isDefault: false, fixed: false },
      { key: 'consumer.offset.group.filters', value: filters, isDefault: false, fixed: false },
    ],
  }),
  'links/cloud/dc1-to-cloud/groups': page,
  'links/cloud/dc1-to-cloud/groups/search-indexer': detail,
  'links/cloud/dc1-to-cloud/group-preview': () =>
    groupPreview.parse({
      seen: TOTAL,
      matched: 3,
      names: ['billing-writer', 'search-indexer', 'work-queue'],
    }),
};
const groups = 'links/cloud/dc1-to-cloud/groups';

export const groupScenes: Scene[] = [
  { name: 'consumer groups', path, shows: 'billing-writer', api },
  {
    name: 'consumer groups, off',
    path,
    shows: 'Offsets of consumer groups are not synced',
    api: { ...api, [groups]: empty(false) },
  },
  {
    name: 'consumer groups, none',
    path,
    shows: 'The filters let no group of the source through.',
    api: { ...api, [groups]: empty(true) },
  },
  {
    name: 'consumer groups loading',
    path,
    shows: 'Loading the consumer groups',
    api: { ...api, [groups]: () => 'hang' },
  },
  {
    name: 'consumer groups failed',
    path,
    shows: 'Could not load the consumer groups',
    api: { ...api, [groups]: () => 'abort' },
  },
  {
    name: 'consumer groups forbidden',
    path,
    shows: 'You may not see the consumer groups',
    api: {
      ...api,
      [groups]: () => ({
        status: 403,
        body: { code: 'FORBIDDEN', message: 'Seeing this needs the role viewer.' },
      }),
    },
  },
  {
    name: 'consumer groups of a paused link',
    path,
    shows: 'The link is paused: offsets are not synced.',
    api: {
      ...api,
      'links/cloud/dc1-to-cloud': (now) => {
        const shown = data.linkPage(now, data.link('dc1-to-cloud', now, { state: 'PAUSED' }));
        const [task] = shown.tasks;
        const paused = {
          ...task,
          name: 'ConsumerOffsetSync',
          state: 'LINK_PAUSED',
          errors: [],
          nextRunAt: null,
        };
        return { ...shown, tasks: [paused] };
      },
    },
  },
  { name: 'consumer group', path: `${path}&group=search-indexer`, shows: 'search-indexer-7d9f-0', api },
  {
    name: 'consumer group that is not there',
    path: `${path}&group=nobody`,
    shows: 'The last sync has seen no group nobody',
    api,
  },
];
