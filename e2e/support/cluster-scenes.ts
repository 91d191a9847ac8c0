// Designed states of a cluster's pages, for RENDERING TESTS; data checked against the contracts.
import * as cluster from './cluster-fixtures';
import * as data from './fixtures';
import type { Scene } from './scenes';
import { silentScenes } from './silent-scenes';

type Api = Scene['api'];
const answer = (status: number, code: string, message: string) => () => ({ status, body: { code, message } });
const notSwept = answer(
  503,
  'NOT_OBSERVED_YET',
  'Cluster "dc1" has not been looked at yet. The first look takes some seconds; if it stays so, test its connection.',
);
const gone = answer(404, 'NOT_FOUND', 'The last look at cluster "dc1" has seen none of that name.');
const forbidden = answer(403, 'FORBIDDEN', 'Seeing this needs the role viewer on this cluster.');
const broken = answer(
  503,
  'MONITORING_UNAVAILABLE',
  'Monitoring does not answer: its thread is being restarted.',
);

const configsRefused = answer(
  502,
  'KAFKA_REQUEST_FAILED',
  'The principal of cluster "dc1" may not read the configs of topic "shop.orders" (TOPIC_AUTHORIZATION_FAILED). Grant it DescribeConfigs on the topic.',
);

const observed = (part: string) => `clusters/dc1/observed/${part}`;
const link = (now: number) => data.link('dc1-to-cloud', now);
const withLink: Api = {
  links: (now) => data.links(now, [link(now)]),
  'links/cloud/dc1-to-cloud/mirrors': (now, url) => {
    const mirror = data.mirror(0, now, { topic: 'orders', sourceTopic: 'shop.orders' });
    return { ...data.mirrors(now, 1, url.searchParams), matched: 1, rows: [mirror] };
  },
  'links/cloud/dc1-to-cloud/groups': (now) => ({
    ...{ enabled: true, asOf: now - 12_000, total: 1, matched: 1, byStatus: { BUSY: 1 } },
    rows: [
      {
        ...{ group: 'billing-writer', mirrorGroup: 'billing-writer', type: 'classic', sourceState: 'Stable' },
        ...{ mirrorState: 'Stable', status: 'BUSY', partitions: 12, sourceLag: '12', mirrorLag: '15' },
        ...{ lastSyncAt: null },
        why: 'billing-writer has members on cloud: offsets are committed only for groups without. Stop its consumers there and it goes on by itself.',
      },
    ],
  }),
};

const historyOf: Api[string] = (_now, url) => {
  const labels = JSON.parse(url.searchParams.get('labels') ?? '{}') as Record<string, string>;
  const metric = url.searchParams.get('metric') ?? '';
  if (metric.startsWith('landbridge_broker') && labels.broker === undefined)
    return cluster.history(
      url,
      ['1', '2', '3'].map((broker) => ({ ...labels, broker })),
    );
  if (metric === 'kafka_consumergroup_group_lag' && labels.group !== undefined)
    return cluster.history(
      url,
      Array.from({ length: 8 }, (_, partition) => ({
        ...labels,
        topic: 'shop.orders',
        partition: `${partition}`,
      })),
      120,
    );
  if (url.searchParams.get('by') === 'group')
    return cluster.history(
      url,
      ['billing-writer', 'search indexer/eu'].map((group) => ({ group })),
    );
  return cluster.history(url, [labels]);
};

export const clusterApi: Api = {
  clusters: (now) =>
    data.clusters(now, [
      data.cluster('dc1', now, { linksFrom: ['dc1-to-cloud'] }),
      data.cluster('cloud', now, { linksTo: ['dc1-to-cloud'] }),
    ]),
  [observed('summary')]: (now) => cluster.summary(now),
  [observed('topics')]: (now, url) => cluster.topics(now, url),
  [observed('topics/shop.orders')]: (now) => cluster.topic(now),
  [observed('topics/shop.orders/configs')]: (now) => cluster.topicConfigs(now),
  [observed('groups')]: (now, url) => cluster.groups(now, url),
  [observed('groups/billing-writer')]: (now) => cluster.group(now),
  [observed('groups/search indexer/eu')]: (now) =>
    cluster.group(now, { row: { group: 'search indexer/eu' } }),
  [observed('brokers')]: (now) => cluster.brokers(now),
  [observed('brokers/2')]: (now) => cluster.oneBroker(now),
  [observed('quorum')]: (now) => cluster.quorum(now),
  history: historyOf,
  ...withLink,
};

const of = (part: string, make: Api[string]): Api => ({ ...clusterApi, [observed(part)]: make });
/** Every page has these designs; only what is missing is called differently. */
const designs = (path: string, part: string, what: string, make: Api[string]): Scene[] => [
  { name: `${part}, loading`, path, shows: `Loading ${what}`, api: of(part, () => 'hang') },
  { name: `${part}, not swept yet`, path, shows: /has not been looked at yet/, api: of(part, notSwept) },
  { name: `${part}, failed`, path, shows: `Could not load ${what}`, api: of(part, broken) },
  { name: `${part}, forbidden`, path, shows: `You may not see ${what}`, api: of(part, forbidden) },
  {
    name: `${part}, stale and incomplete`,
    path,
    shows: /Stale: the last sweep of dc1 was/,
    api: of(part, make),
  },
];
const old = (now: number) => ({ atMs: now - 42_000, complete: false, gaps: cluster.gaps });

export const clusterScenes: Scene[] = [
  ...silentScenes(clusterApi),
  { name: 'overview of a cluster', path: '/clusters/dc1', shows: 'All in sync', api: clusterApi },
  {
    name: 'overview of a cluster in trouble',
    path: '/clusters/dc1',
    shows: '3 partitions offline',
    api: of('summary', (now) =>
      cluster.summary(now, {
        ...{ offline: 3, underReplicated: 214, underMinIsr: 12, uncleanElections: 1, brokersMissing: 1 },
        ...{ complete: false, gaps: cluster.gaps, logBytes: null, clockOffsetSeconds: -4.2 },
      }),
    ),
  },
  {
    name: 'ten thousand topics',
    path: '/clusters/dc1/topics',
    shows: 'billing.invoices.v00003',
    api: clusterApi,
  },
  {
    name: 'topics with all columns',
    path: '/clusters/dc1/topics?columns=health,partitions,replication,messages,size,replicaBytes,cleanup,retention&filter=shop',
    shows: '6,000 of 10,000',
    api: clusterApi,
  },
  {
    name: 'no topics',
    path: '/clusters/dc1/topics',
    shows: /No topics yet/,
    api: of('topics', (now, url) => cluster.topics(now, url, { total: 0 })),
  },
  { name: 'a topic', path: '/clusters/dc1/topics/shop.orders', shows: 'Mirrored by link', api: clusterApi },
  {
    name: 'a topic whose configs are being read',
    path: '/clusters/dc1/topics/shop.orders',
    shows: 'Reading…',
    api: of('topics/shop.orders/configs', () => 'hang'),
  },
  {
    name: 'a topic whose configs may not all be read',
    path: '/clusters/dc1/topics/shop.orders',
    shows: /Grant it DescribeConfigs on the topic\. Shown are the 13 configs/,
    api: of('topics/shop.orders/configs', configsRefused),
  },
  {
    name: 'a topic that is not there',
    path: '/clusters/dc1/topics/shop.orders',
    shows: 'dc1 has no topic shop.orders',
    api: of('topics/shop.orders', gone),
  },
  { name: 'ten thousand groups', path: '/clusters/dc1/groups', shows: 'Stalled · 2 of 24', api: clusterApi },
  {
    name: 'no groups',
    path: '/clusters/dc1/groups',
    shows: /No consumer groups/,
    api: of('groups', (now, url) => cluster.groups(now, url, { total: 0 })),
  },
  {
    name: 'a group',
    path: '/clusters/dc1/groups/billing-writer',
    shows: '8 of 120, worst first',
    api: clusterApi,
  },
  {
    name: 'a group with a name like a path',
    path: '/clusters/dc1/groups/search%20indexer%2Feu',
    shows: 'Assigned to',
    api: clusterApi,
  },
  {
    name: 'a group that is not there',
    path: '/clusters/dc1/groups/nobody',
    shows: 'dc1 has no consumer group nobody',
    api: of('groups/nobody', gone),
  },
  { name: 'brokers', path: '/clusters/dc1/brokers', shows: 'all 3 brokers serve', api: clusterApi },
  {
    name: 'brokers in every state',
    path: '/clusters/dc1/brokers',
    shows: '3 brokers of 5 not serving',
    api: of('brokers', (now) => cluster.brokers(now, { bad: true })),
  },
  { name: 'a broker', path: '/clusters/dc1/brokers/2', shows: 'Given up', api: clusterApi },
  {
    name: 'a broker that is not there',
    path: '/clusters/dc1/brokers/9',
    shows: 'dc1 has no broker 9',
    api: of('brokers/9', gone),
  },
  { name: 'a quorum', path: '/clusters/dc1/quorum', shows: '1 voter may fail', api: clusterApi },
  {
    name: 'a quorum in trouble',
    path: '/clusters/dc1/quorum',
    shows: /4 voters stand no more failures than 3/,
    api: of('quorum', (now) => cluster.quorum(now, { bad: true })),
  },
  {
    name: 'a cluster with ZooKeeper',
    path: '/clusters/dc1/quorum',
    shows: 'No metadata quorum to show',
    api: of('quorum', cluster.zooKeeper),
  },
  {
    name: 'topics of a cluster that is not registered',
    path: '/clusters/nowhere/topics',
    shows: 'No cluster is called nowhere',
    api: clusterApi,
  },
  ...designs('/clusters/dc1/topics', 'topics', 'the topics of dc1', (now, url) =>
    cluster.topics(now, url, { seen: old(now) }),
  ),
  ...designs('/clusters/dc1/topics/shop.orders', 'topics/shop.orders', 'topic shop.orders', (now) =>
    cluster.topic(now, { seen: old(now), configs: null }),
  ),
  ...designs('/clusters/dc1/groups', 'groups', 'the consumer groups of dc1', (now, url) =>
    cluster.groups(now, url, { seen: old(now) }),
  ),
  ...designs(
    '/clusters/dc1/groups/billing-writer',
    'groups/billing-writer',
    'consumer group billing-writer',
    (now) => cluster.group(now, { seen: old(now) }),
  ),
  ...designs('/clusters/dc1/brokers', 'brokers', 'the brokers of dc1', (now) =>
    cluster.brokers(now, { bad: true, seen: old(now) }),
  ),
  ...designs('/clusters/dc1/brokers/2', 'brokers/2', 'broker 2', (now) =>
    cluster.oneBroker(now, { seen: old(now) }),
  ),
  ...designs('/clusters/dc1/quorum', 'quorum', 'the quorum of dc1', (now) =>
    cluster.quorum(now, { seen: old(now) }),
  ),
];
