// Designed states of pages for RENDERING TESTS: the browser's requests to /api are answered here, with data that the contracts
// have checked. Says nothing about whether the product behaves so; the tests with real clusters do.
import type { Page, Route } from '@playwright/test';
import { accessScenes, meAs } from './access-scenes';
import { aclPreviewOf } from './acl-fixtures';
import { auditScenes } from './audit-scenes';
import { history } from './cluster-fixtures';
import * as data from './fixtures';
import { groupScenes } from './group-scenes';
import * as healthData from './health-fixtures';
import { operationScenes } from './operation-scenes';
import { configs } from './removal-fixtures';
import { repairScenes, repairs } from './repair-scenes';

/** JSON to answer with; a status and a body for errors; 'abort' for no answer; 'hang' for an answer that never comes. */
type Answer = object | { status: number; body: object } | 'abort' | 'hang';
export type Api = Record<string, (now: number, url: URL) => Answer>;

export type Scene = {
  name: string;
  path: string;
  /** Answers by path after /api/. What is not listed is answered with empty lists. */
  api: Api;
  /** Text that shows that the state is on the screen. */
  shows: string | RegExp;
};

const failedRow = {
  attention: 3,
  mirrorsByState: { ACTIVE: 995, FAILED: 1, PAUSED: 2, PENDING_MIRROR: 1, SOURCE_UNAVAILABLE: 1 },
};
const clicks = { topic: 'shop.clicks', lag: { messages: '1284091', bytes: '222298112', seconds: 48 } };
const behind = (now: number) =>
  data.link('dc1-to-cloud', now, { ...failedRow, mirrors: 1000, worst: clicks });
const down =
  'Connection refused by kafka-1.dc2.example.com:9092 (10.8.0.4). Check that the broker runs and that a firewall lets this host through.';
const idle = { bytesPerSecond: 0, recordsPerSecond: 0, latencyMs: null };

const manyLinks = (now: number) => [
  behind(now),
  data.link('dc1-to-dc2', now, {
    state: 'UNAVAILABLE',
    error: 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR',
    message: 'No broker of dc1 has answered for 31 s: connection refused.',
    since: now - 31_000,
    bytesPerSecond: null,
    recordsPerSecond: null,
    worst: { topic: 'audit', lag: { messages: null, bytes: null, seconds: null } },
    latencyMs: null,
  }),
  data.link('eu-to-us', now, { mirrors: 12, bytesPerSecond: 4_100_000, recordsPerSecond: 812 }),
  data.link('dc2-to-us', now, { state: 'PAUSED', mirrors: 4, mirrorsByState: { LINK_PAUSED: 4 }, ...idle }),
  data.link('lab', now, {
    state: 'UNKNOWN',
    mirrors: 1,
    ...idle,
    bytesPerSecond: null,
    message: 'Waiting for the engine to report this link.',
  }),
];
const twoClusters = (now: number) => [
  data.cluster('dc1', now, { linksFrom: ['dc1-to-cloud'] }),
  data.cluster('cloud', now, { linksTo: ['dc1-to-cloud'] }),
];
const oneLink: Api = {
  links: (now) => data.links(now, [behind(now)]),
  clusters: (now) => data.clusters(now, twoClusters(now)),
  'links/cloud/dc1-to-cloud': (now) => data.linkPage(now, behind(now)),
  'links/cloud/dc1-to-cloud/mirrors': (now, url) => data.mirrors(now, 1000, url.searchParams),
  'links/cloud/dc1-to-cloud/mirrors/shop.shipments': (now) => data.failedMirror(now),
  'links/cloud/dc1-to-cloud/mirrors/shop.orders/sweep': () => data.sweepDryRun,
  'links/cloud/dc1-to-cloud/mirrors/shop.orders': (now) =>
    data.mirrorPageData(
      now,
      data.mirror(5, now, { topic: 'shop.orders', sourceTopic: 'shop.orders' }),
      Array.from({ length: 4 }, (_, i) => data.partition(i, now)),
    ),
};
const forbidden = () => ({
  status: 403,
  body: { code: 'FORBIDDEN', message: 'Seeing this needs the role viewer on this link.' },
});
const broken = () => ({
  status: 500,
  body: {
    code: 'INTERNAL',
    message: 'The store cannot be read: disk I/O error in landbridge.db. See the log.',
    requestId: 'req-7f3a',
  },
});
const gone = () => ({ status: 404, body: { code: 'NOT_FOUND', message: 'There is no such link.' } });
const linkPath = '/links/cloud/dc1-to-cloud';

export const scenes: Scene[] = [
  {
    name: 'overview with problems',
    path: '/',
    shows: /things need a look/,
    api: {
      ...oneLink,
      links: (now) => data.links(now, manyLinks(now)),
      clusters: (now) => data.clusters(now, [...twoClusters(now), data.cluster('dc2', now, { down })]),
    },
  },
  {
    name: 'overview, all well',
    path: '/',
    shows: 'Nothing is wrong.',
    api: { ...oneLink, links: (now) => data.links(now, [data.link('dc1-to-cloud', now)]) },
  },
  {
    name: 'overview without links',
    path: '/',
    shows: 'No links yet',
    api: { ...oneLink, links: (now) => data.links(now, []) },
  },
  {
    name: 'overview loading',
    path: '/',
    shows: 'Loading the overview',
    api: { links: () => 'hang', clusters: () => 'hang' },
  },
  {
    name: 'overview failed',
    path: '/',
    shows: 'Could not load the overview',
    api: { ...oneLink, links: broken },
  },
  {
    name: 'overview forbidden',
    path: '/',
    shows: 'You may not see the overview',
    api: { ...oneLink, links: forbidden },
  },
  {
    name: 'overview stale',
    path: '/',
    shows: /Stale: the last snapshot/,
    api: { ...oneLink, links: (now) => data.links(now, [behind(now)], { asOf: now - 42_000 }) },
  },
  {
    name: 'overview with a silent engine',
    path: '/',
    shows: 'The link engine is silent',
    api: {
      ...oneLink,
      links: (now) =>
        data.links(
          now,
          [data.link('dc1-to-cloud', now, { state: 'UNKNOWN', message: 'The engine does not answer.' })],
          { asOf: now - 9000, engine: 'SILENT' },
        ),
    },
  },
  {
    name: 'clusters',
    path: '/clusters',
    shows: 'Not reachable',
    api: {
      clusters: (now) =>
        data.clusters(now, [
          ...twoClusters(now),
          data.cluster('dc2', now, { down }),
          data.cluster('lab', now, { probe: null, managedBy: 'FILE' }),
        ]),
    },
  },
  { name: 'clusters empty', path: '/clusters', shows: 'No clusters yet', api: {} },
  { name: 'cluster', path: '/clusters/dc1', shows: 'Advertised address', api: oneLink },
  {
    name: 'cluster not reachable',
    path: '/clusters/dc2',
    shows: /Connection refused/,
    api: { clusters: (now) => data.clusters(now, [data.cluster('dc2', now, { down })]) },
  },
  {
    name: 'cluster that is not there',
    path: '/clusters/nowhere',
    shows: 'No cluster is called nowhere',
    api: oneLink,
  },
  { name: 'cluster edit', path: '/clusters/dc1?edit=1', shows: 'Empty keeps the stored one.', api: oneLink },
  {
    name: 'links',
    path: '/links',
    shows: 'eu-to-us',
    api: { links: (now) => data.links(now, manyLinks(now)) },
  },
  { name: 'links empty', path: '/links', shows: 'No links yet', api: {} },
  { name: 'link with 1,000 mirrors', path: linkPath, shows: 'unexpected write', api: oneLink },
  {
    name: 'link, history',
    path: `${linkPath}?view=history&range=1h`,
    shows: 'Records per second',
    api: oneLink,
  },
  {
    name: 'link, timeline',
    path: `${linkPath}?view=timeline`,
    shows: 'Broker upgrade at the source.',
    api: oneLink,
  },
  {
    name: 'link, settings',
    path: `${linkPath}?view=settings`,
    shows: 'mirror.start.offset.spec',
    api: oneLink,
  },
  {
    name: 'link, tasks',
    path: `${linkPath}?view=tasks`,
    shows: 'Run now',
    api: oneLink,
  },
  {
    name: 'link, rights',
    path: `${linkPath}?view=rights`,
    shows: 'Check rights',
    api: oneLink,
  },
  {
    name: 'link, access',
    path: `${linkPath}?view=access`,
    shows: 'Waits for the promotion',
    api: { ...oneLink, 'links/cloud/dc1-to-cloud/acls': () => aclPreviewOf() },
  },
  {
    name: 'link, access without an authorizer',
    path: `${linkPath}?view=access`,
    shows: 'has no authorizer',
    api: {
      ...oneLink,
      'links/cloud/dc1-to-cloud/acls': () =>
        aclPreviewOf({ problem: 'dc1 has no authorizer, so no ACLs can be brought over.' }),
    },
  },
  {
    name: 'link loading',
    path: linkPath,
    shows: 'Loading link dc1-to-cloud',
    api: { ...oneLink, 'links/cloud/dc1-to-cloud': () => 'hang' },
  },
  {
    name: 'link failed to load',
    path: linkPath,
    shows: 'Could not load link',
    api: { ...oneLink, 'links/cloud/dc1-to-cloud': () => 'abort' },
  },
  {
    name: 'link forbidden',
    path: linkPath,
    shows: 'You may not see link',
    api: { ...oneLink, 'links/cloud/dc1-to-cloud': forbidden },
  },
  {
    name: 'link that is not there',
    path: linkPath,
    shows: /There is no link dc1-to-cloud/,
    api: { ...oneLink, 'links/cloud/dc1-to-cloud': gone },
  },
  {
    name: 'mirror failed',
    path: `${linkPath}/mirrors/shop.shipments?sort=lagMessages&order=desc`,
    shows: /Somebody else wrote/,
    api: oneLink,
  },
  {
    name: 'mirror in a sweep',
    path: `${linkPath}/mirrors/shop.swept`,
    shows: /3,212,004 of 8,807,001 offsets/,
    api: { ...oneLink, 'links/cloud/dc1-to-cloud/mirrors/shop.swept': (now) => data.sweptMirror(now) },
  },
  {
    name: 'mirror that differs',
    path: `${linkPath}/mirrors/shop.payments`,
    shows: /more than 1,000 records differ/,
    api: { ...oneLink, 'links/cloud/dc1-to-cloud/mirrors/shop.payments': (now) => data.differingMirror(now) },
  },
  {
    name: 'mirror in step',
    path: `${linkPath}/mirrors/shop.orders?range=5m`,
    shows: '9,007,199,254,740,993',
    api: oneLink,
  },
  {
    name: 'mirror whose source topic is gone',
    path: `${linkPath}/mirrors/shop.orders`,
    shows: 'what becomes of the mirror',
    api: {
      ...oneLink,
      'links/cloud/dc1-to-cloud/mirrors/shop.orders': (now) =>
        data.mirrorPageData(
          now,
          data.mirror(5, now, {
            ...{ topic: 'shop.orders', sourceTopic: 'shop.orders', state: 'FAILED', attention: true },
            error: 'SOURCE_TOPIC_MAY_BE_DELETED',
            message:
              'The source topic shop.orders is gone from dc1 (3 looks in a row). The mirror stays as it is.',
          }),
          [data.partition(0, now)],
        ),
      'links/cloud/dc1-to-cloud/mirrors/shop.orders/configs': broken,
    },
  },
  {
    name: 'cluster with topics that are being deleted',
    path: '/clusters/cloud',
    shows: '1 topic is still being deleted',
    api: {
      ...oneLink,
      clusters: (now) =>
        data.clusters(now, [
          data.cluster('cloud', now, {
            deletions: [
              {
                ...{ topic: 'shop.clicks', link: 'dc1-to-cloud', askedAt: now - 40_000, actor: 'ops-2' },
                trouble: 'shop.clicks is deleted, but broker 2 still names it after 30 s.',
              },
            ],
          }),
        ]),
    },
  },
  {
    name: 'mirror loading',
    path: `${linkPath}/mirrors/shop.orders`,
    shows: 'Loading mirror',
    api: { ...oneLink, 'links/cloud/dc1-to-cloud/mirrors/shop.orders': () => 'hang' },
  },
  { name: 'create a link', path: '/links/new', shows: 'Name of the link', api: oneLink },
  { name: 'create a link without clusters', path: '/links/new', shows: 'A link needs two clusters', api: {} },
  {
    name: 'add topics',
    path: `${linkPath}/add`,
    shows: '0 selected',
    api: { ...oneLink, 'clusters/dc1/topics': (now) => data.topics(now, 5000) },
  },
  ...accessScenes,
  ...auditScenes,
  ...operationScenes,
  ...groupScenes,
  ...repairScenes.map((scene) => ({ ...scene, api: { ...oneLink, ...scene.api } })),
  { name: 'not found', path: '/nowhere/at/all', shows: 'There is no page at this address', api: oneLink },
];

/** Answers the page's requests to /api from a scene: from the one that is given then, where that changes while the page is open. */
export async function serveApi(page: Page, api: Api | (() => Api)): Promise<void> {
  // Pages behind links that nobody follows here: twenty a page, each made by the server.
  await page.route(isForPages, (route) =>
    route.request().headers()['next-router-prefetch'] ? route.fulfill({ status: 204 }) : route.fallback(),
  );
  await page.route('**/api/**', async (route) => {
    const url = new URL(route.request().url());
    const now = typeof api === 'function' ? api() : api;
    const make = now[decodeURIComponent(url.pathname.replace(/^\/api\//, ''))];
    await answer(route, make ? make(Date.now(), url) : nothing(url));
  });
}

const isForPages = (url: URL) => url.searchParams.has('_rsc');

const notLookedAt = {
  status: 503,
  body: { code: 'NOT_OBSERVED_YET', message: 'The cluster has not been looked at yet.' },
};

function nothing(url: URL): Answer {
  if (url.pathname === '/api/links') return data.links(Date.now(), []);
  if (url.pathname === '/api/clusters') return data.clusters(Date.now(), []);
  if (/\/mirrors\/[^/]+\/configs$/.test(url.pathname)) return configs(Date.now());
  if (/\/mirrors\/[^/]+\/repair$/.test(url.pathname)) return repairs();
  if (/\/observed\//.test(url.pathname)) return notLookedAt;
  if (url.pathname === '/api/history') return history(url, []);
  if (url.pathname === '/api/health/alerts') return healthData.alertsAnswer(Date.now(), url, [], []);
  if (url.pathname === '/api/me') return meAs('administrator', Date.now());
  return { status: 404, body: { code: 'NOT_FOUND', message: `Nothing is at ${url.pathname}.` } };
}

async function answer(route: Route, what: Answer): Promise<void> {
  if (what === 'hang') return;
  if (what === 'abort') return route.abort('connectionrefused');
  if ('status' in what && 'body' in what) return route.fulfill({ status: what.status, json: what.body });
  return route.fulfill({ json: what });
}
