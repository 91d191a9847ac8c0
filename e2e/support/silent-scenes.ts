// Pages of a cluster while broker 2 does not answer, for RENDERING TESTS: what it would have told is unknown, with since when.
import { brokerDetail } from '@/lib/contracts/monitoring/brokers';
import { groupDetail, groupsPage } from '@/lib/contracts/monitoring/groups';
import type { SweepGap } from '@/lib/contracts/monitoring/seen';
import { topicDetail } from '@/lib/contracts/monitoring/topics';
import * as cluster from './cluster-fixtures';
import type { Scene } from './scenes';

const silent = (what: SweepGap['what']): SweepGap => ({
  ...{ what, broker: 2, right: null, failure: true },
  reason: 'broker 2 (kafka-2:9092) of dc1 does not answer.',
});
const seen = (now: number) => ({
  ...{ atMs: now - 4_000, complete: false },
  gaps: (['BROKERS', 'OFFSETS', 'LOG_DIRS', 'GROUPS', 'TRANSACTIONS'] as const).map(silent),
});

const topic = (now: number) => {
  const detail = cluster.topic(now, { seen: seen(now) });
  const unknown = { start: null, lastStable: null, highWatermark: null, blocked: null, bytes: null };
  return topicDetail.parse({
    ...detail,
    topic: { ...detail.topic, offline: 0, underReplicated: 0, underMinIsr: 0, untold: 4, groups: null },
    partitions: detail.partitions.map((row) =>
      row.leader === 2
        ? { ...row, ...unknown, messagesPerSecond: null, status: 'UNKNOWN', toldAt: now - 84_000 }
        : row,
    ),
  });
};

const unlisted = (now: number) =>
  cluster.groupRow(7, {
    ...{
      group: 'billing-writer',
      state: 'Unknown',
      members: null,
      coordinator: 2,
      unknownSince: now - 84_000,
    },
    ...{ topics: null, topicNames: [], partitions: null, known: null, lagMessages: null, lagBytes: null },
    ...{ maxLagMessages: null, maxLagSeconds: null, commitRate: null, stalled: null, beyondEnd: null },
    ...{ fallingBehind: null, why: 'Broker 2, which keeps it, did not list its groups in the last sweep.' },
  });
const group = (now: number) =>
  groupDetail.parse({
    ...cluster.group(now, { seen: seen(now) }),
    ...{ row: unlisted(now), members: null, partitions: [], deletedTopics: [] },
  });
const groups = (now: number, url: URL) => {
  const page = cluster.groups(now, url, { seen: seen(now) });
  return groupsPage.parse({ ...page, allListed: false, rows: [unlisted(now), ...page.rows.slice(1)] });
};

const broker = (now: number) => {
  const detail = cluster.oneBroker(now);
  const away = { state: 'UNREACHABLE', latencyMs: null, why: 'broker 2 of dc1 does not answer.' };
  return brokerDetail.parse({
    ...{ ...detail, ...seen(now) },
    broker: { ...detail.broker, ...away, disksOldSince: now - 94_000 },
  });
};

/** @param api of a cluster that is well */
export const silentScenes = (api: Scene['api']): Scene[] => {
  const of = (part: string, make: Scene['api'][string]): Scene['api'] => ({
    ...api,
    [`clusters/dc1/observed/${part}`]: make,
  });
  return [
    {
      ...{
        name: 'overview while a broker is silent',
        path: '/clusters/dc1',
        shows: '4 partitions not known',
      },
      api: of('summary', (now) =>
        cluster.summary(now, {
          ...{ ...seen(now), untold: 4, groups: null, openTransactions: null, logBytes: null },
          ...{ heldPartitions: null, messagesInPerSecond: null, bytesInPerSecond: null },
        }),
      ),
    },
    {
      ...{ name: 'a topic with a silent leader', path: '/clusters/dc1/topics/shop.orders', shows: 'Unknown' },
      api: of('topics/shop.orders', topic),
    },
    {
      ...{ name: 'groups not all listed', path: '/clusters/dc1/groups' },
      ...{ shows: /how many groups there are is not known/, api: of('groups', groups) },
    },
    {
      ...{ name: 'a group that nobody lists', path: '/clusters/dc1/groups/billing-writer' },
      ...{ shows: /Nothing of it is known since then/, api: of('groups/billing-writer', group) },
    },
    {
      ...{ name: 'a silent broker', path: '/clusters/dc1/brokers/2', shows: /as of/ },
      api: of('brokers/2', broker),
    },
  ];
};
