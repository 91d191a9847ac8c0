// Designed states of promote, failover and reverse: before, under way, ended, together; and what they look like on other pages.
import { meAs } from './access-scenes';
import * as data from './fixtures';
import * as operations from './operation-fixtures';
import type { Scene } from './scenes';

const link = '/links/cloud/dc1-to-cloud';
const path = (...parts: string[]) => ['links/cloud/dc1-to-cloud', ...parts].join('/');
const MINUTE_MS = 60_000;

const row = (now: number, over = {}) =>
  data.link('dc1-to-cloud', now, {
    mirrorsByState: { ACTIVE: 106, PENDING_STOPPED: 2, STOPPED: 40 },
    operations: {
      open: 2,
      longest: {
        ...{ id: 'op-1', topic: 'shop.orders', kind: 'PROMOTE', startedAt: now - 4 * MINUTE_MS },
        ...{ step: 'DRAIN', since: now - 3 * MINUTE_MS },
        detail: operations.underWay(now).steps[1]?.detail ?? null,
      },
    },
    ...over,
  });
const gone = (now: number) => ({
  state: 'UNAVAILABLE' as const,
  error: 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR' as const,
  message: 'No broker of dc1 has answered for 11 min: connection refused.',
  since: now - 11 * MINUTE_MS,
  bytesPerSecond: null,
  recordsPerSecond: null,
  latencyMs: null,
  worst: { topic: 'shop.clicks', lag: { messages: '1284091', bytes: '222298112', seconds: null } },
});

const api: Scene['api'] = {
  links: (now) => data.links(now, [row(now)]),
  clusters: (now) => data.clusters(now, [data.cluster('dc1', now), data.cluster('cloud', now)]),
  [path()]: (now) => data.linkPage(now, row(now)),
  [path('mirrors')]: (now, url) => data.mirrors(now, 148, url.searchParams),
  [path('mirror-names')]: () => ({
    topics: Array.from({ length: 148 }, (_, i) => data.mirror(i, 0).topic),
  }),
  [path('operations')]: (now, url) =>
    url.searchParams.has('group')
      ? operations.group(now, Number(url.searchParams.get('limit')))
      : operations.list(now, url.searchParams.get('open') === '1'),
  [path('operations/op-1')]: operations.underWay,
  [path('operations/op-2')]: operations.promoted,
  [path('operations/op-3')]: operations.failedOver,
  [path('operations/op-4')]: operations.failed,
  [path('operations/op-5')]: operations.fenced,
  [path('operations/op-6')]: (now) => operations.reversed(now),
  [path('operations/op-7')]: (now) => operations.reversed(now, false),
  [path('mirrors/shop.orders')]: (now) => mirrorAt(now, 5),
  [path('mirrors/shop.clicks')]: (now) => mirrorAt(now, 6),
};

const mirrorAt = (now: number, index: number) => {
  const topic = index === 5 ? 'shop.orders' : 'shop.clicks';
  const over =
    index === 5
      ? {
          state: 'PENDING_STOPPED' as const,
          operation: {
            ...{ id: 'op-1', kind: 'PROMOTE' as const, startedAt: now - 3 * MINUTE_MS },
            ...{ step: 'DRAIN' as const, since: now - 3 * MINUTE_MS },
            detail: operations.underWay(now).steps[1]?.detail ?? null,
          },
        }
      : {
          state: 'STOPPED' as const,
          since: now - 20 * MINUTE_MS,
          lag: { messages: null, bytes: null, seconds: null },
          bytesPerSecond: null,
          recordsPerSecond: null,
          stopped: {
            ...{ at: now - 20 * MINUTE_MS, how: 'FAILOVER' as const, operationId: 'op-3' },
            ...{ partitions: 12, missing: null },
          },
        };
  return data.mirrorPageData(
    now,
    data.mirror(11, now, { topic, sourceTopic: topic, ...over }),
    index === 5 ? Array.from({ length: 12 }, (_, i) => data.partition(i, now)) : [],
  );
};

const posted = (answer: Scene['api'][string]): Scene['api'] => ({ ...api, [path('operations')]: answer });
const forbidden = () => ({
  status: 403,
  body: { code: 'FORBIDDEN', message: 'This needs the role approver on link dc1-to-cloud to cloud.' },
});
const broken = () => ({
  status: 502,
  body: {
    code: 'CLUSTER_UNREACHABLE',
    message: 'No broker of cloud answers: connection refused.',
    requestId: 'r-1',
  },
});
const five = 'topics=shop.orders,shop.payments,shop.clicks,shop.customers,shop.shipments';

export const operationScenes: Scene[] = [
  {
    name: 'promote, refused and warned',
    path: `${link}/promote?${five}`,
    shows: '1 mirror refused',
    api: posted(operations.promotePlans),
  },
  {
    name: 'promote by pattern',
    path: `${link}/promote?pattern=shop%5C..*`,
    shows: '40 match.',
    api: posted(() => operations.goodPlans(40)),
  },
  {
    name: 'reverse, refused and warned',
    path: `${link}/reverse?topics=shop.orders,shop.clicks`,
    shows: '1 mirror refused',
    api: posted(operations.reversePlans),
  },
  { name: 'reverse done', path: `${link}/operations/op-6`, shows: /is the mirror now, on link/, api },
  {
    name: 'reverse without a way back',
    path: `${link}/operations/op-7`,
    shows: 'It was promoted, and there is no mirror on the way back',
    api,
  },
  { name: 'promote, nothing chosen', path: `${link}/promote`, shows: 'Choose mirrors', api },
  {
    name: 'failover of a source that is gone',
    path: `${link}/failover?topics=shop.orders,shop.clicks,shop.ledger,shop.returns`,
    shows: /unknown for 1 mirror/,
    api: {
      ...posted(operations.failoverPlans),
      links: (now) => data.links(now, [row(now, gone(now))]),
      [path()]: (now) => data.linkPage(now, row(now, gone(now))),
    },
  },
  {
    name: 'promote, forbidden',
    path: `${link}/promote?topics=shop.orders`,
    shows: 'You may not see the dry run',
    api: { ...posted(forbidden), me: (now) => meAs('viewer', now) },
  },
  {
    name: 'promote, dry run failed',
    path: `${link}/promote?topics=shop.orders`,
    shows: 'Could not load the dry run',
    api: posted(broken),
  },
  {
    name: 'promote, dry run loading',
    path: `${link}/promote?topics=shop.orders`,
    shows: 'Loading the dry run',
    api: posted(() => 'hang'),
  },
  { name: 'operation waiting', path: `${link}/operations/op-1`, shows: /Drain waits for/, api },
  { name: 'operation done', path: `${link}/operations/op-2`, shows: /Left behind: 2 ranges/, api },
  { name: 'failover done', path: `${link}/operations/op-3`, shows: /unknown in 2 partitions/, api },
  { name: 'operation failed', path: `${link}/operations/op-4`, shows: /The promote failed/, api },
  { name: 'operation behind the fence', path: `${link}/operations/op-5`, shows: /Fence waits/, api },
  {
    name: 'operation while the engine is silent',
    path: `${link}/operations/op-1`,
    shows: 'The link engine is silent',
    api: { ...api, links: (now) => data.links(now, [row(now)], { asOf: now - 20_000, engine: 'SILENT' }) },
  },
  {
    name: 'operation loading',
    path: `${link}/operations/op-1`,
    shows: 'Loading this operation',
    api: { ...api, [path('operations/op-1')]: () => 'hang' },
  },
  {
    name: 'operation failed to load',
    path: `${link}/operations/op-1`,
    shows: 'Could not load this operation',
    api: { ...api, [path('operations/op-1')]: broken },
  },
  {
    name: 'operation forbidden',
    path: `${link}/operations/op-1`,
    shows: 'You may not see this operation',
    api: { ...api, [path('operations/op-1')]: forbidden },
  },
  {
    name: 'operation that is not there',
    path: `${link}/operations/nowhere`,
    shows: /has no such operation/,
    api,
  },
  {
    name: '40 mirrors together',
    path: `${link}/operations/together/audit-1`,
    shows: '37 of 40 stopped',
    api,
  },
  { name: 'link, operations', path: `${link}?view=operations`, shows: 'Cancelled', api },
  {
    name: 'link, no operations',
    path: `${link}?view=operations`,
    shows: /No mirror was promoted/,
    api: { ...api, [path('operations')]: operations.noOperations },
  },
  { name: 'mirror being promoted', path: `${link}/mirrors/shop.orders`, shows: /Promote under way/, api },
  { name: 'mirror stopped', path: `${link}/mirrors/shop.clicks`, shows: /An ordinary topic since/, api },
  { name: 'mirrors stopping and stopped', path: link, shows: /promote, drain/, api },
  { name: 'overview with a promote that waits', path: '/', shows: /waits at drain/, api },
];
