// Designed states of Health, for RENDERING TESTS; data checked against the contracts.
import { meAs } from './access-scenes';
import * as data from './fixtures';
import * as health from './health-fixtures';
import type { Scene } from './scenes';

const usual: Scene['api'] = {
  links: (now) => data.links(now, [data.link('dc1-to-cloud', now)]),
  clusters: (now) =>
    data.clusters(now, [
      data.cluster('dc1', now, { linksFrom: ['dc1-to-cloud'] }),
      data.cluster('cloud', now, { linksTo: ['dc1-to-cloud'] }),
    ]),
  history: health.history,
  'health/alerts': (now, url) => health.alertsAnswer(now, url),
  'health/rules': (now) => health.library(now),
  'health/silences': (now) => health.silences(now),
  'health/channels': () => health.channels(),
  'health/channels/c-3': () => health.webhookForm(),
  'health/routes': () => health.routes(),
  'health/deliveries': health.deliveries,
  ...Object.fromEntries(
    ['a-broker', 'a-lag', 'a-group', 'a-disk', 'a-endpoint', 'c-lag', 'c-topic', 'c-rule'].map((id) => [
      `health/alerts/${id}`,
      (now: number) => {
        const all = [...health.openAlerts(now), ...health.clearedAlerts(now)];
        const found = all.find((one) => one.id === id);
        if (!found) throw new Error(`There is no alert ${id}.`);
        return health.detailOf(found, now);
      },
    ]),
  ),
};
export const healthApi = usual;

const forbidden = () => ({
  status: 403,
  body: { code: 'FORBIDDEN', message: 'This needs the role viewer everywhere.' },
});
const broken = () => ({
  status: 503,
  body: {
    code: 'MONITORING_UNAVAILABLE',
    message: 'Monitoring does not answer; it is being restarted.',
    requestId: 'r',
  },
});
const gone = () => ({ status: 404, body: { code: 'NOT_FOUND', message: 'There is no such alert.' } });
const calm: Scene['api'] = {
  ...usual,
  'health/alerts': (now, url) => health.alertsAnswer(now, url, [], []),
  'health/rules': (now) => health.library(now, { calm: true }),
};
/** Pages, and what they ask for: each has the same five states. */
const pages = [
  {
    name: 'health',
    path: '/health',
    asks: 'health/alerts',
    loading: 'Loading the alerts',
    what: 'the alerts',
  },
  {
    name: 'alert',
    path: '/health/alerts/a-lag',
    asks: 'health/alerts/a-lag',
    loading: 'Loading the alert',
    what: 'the alert',
  },
  {
    name: 'rules',
    path: '/health/rules',
    asks: 'health/rules',
    loading: 'Loading the rules',
    what: 'the rules',
  },
  {
    name: 'rule',
    path: '/health/rules/group.lag-seconds',
    asks: 'health/rules',
    loading: 'Loading the rule',
    what: 'the rule',
  },
  {
    name: 'silences',
    path: '/health/silences',
    asks: 'health/silences',
    loading: 'Loading the silences',
    what: 'the silences',
  },
  {
    name: 'channels',
    path: '/health/channels',
    asks: 'health/channels',
    loading: 'Loading the channels',
    what: 'the channels',
  },
  {
    name: 'deliveries',
    path: '/health/deliveries',
    asks: 'health/deliveries',
    loading: 'Loading the deliveries',
    what: 'the deliveries',
  },
];

export const healthScenes: Scene[] = [
  { name: 'health, open alerts', path: '/health', shows: /Broker 3 of cluster dc1/, api: usual },
  {
    name: 'health, history',
    path: '/health?status=CLEARED',
    shows: /held back by an open transaction/,
    api: usual,
  },
  {
    name: 'health, filtered',
    path: '/health?atLeast=ERROR&cluster=dc1&text=link',
    shows: /6 min behind on shop.clicks/,
    api: usual,
  },
  {
    name: 'health, nothing matches',
    path: '/health?text=nothing-like-that',
    shows: 'No alert matches this filter.',
    api: usual,
  },
  { name: 'health, nothing open', path: '/health', shows: 'No alert is open.', api: calm },
  {
    name: 'health, nothing judged yet',
    path: '/health',
    shows: /Nothing has been judged yet/,
    api: { ...calm, 'health/rules': (now) => health.library(now, { calm: true, at: null }) },
  },
  {
    name: 'health, no history',
    path: '/health?status=CLEARED',
    shows: /No alert has been cleared yet/,
    api: calm,
  },
  {
    name: 'health stale',
    path: '/health',
    shows: /Stale: rules were last judged/,
    api: { ...usual, 'health/rules': (now) => health.library(now, { at: now - 95_000 }) },
  },
  { name: 'alert, open', path: '/health/alerts/a-lag', shows: 'First steps', api: usual },
  { name: 'alert with 400 partitions', path: '/health/alerts/a-broker', shows: 'Follow from it', api: usual },
  {
    name: 'alert without a number',
    path: '/health/alerts/a-disk',
    shows: /No number since 20/,
    api: usual,
  },
  { name: 'alert, cleared', path: '/health/alerts/c-lag', shows: 'Lasted', api: usual },
  {
    name: 'alert whose deliveries may not be seen',
    path: '/health/alerts/a-lag',
    shows: /seen by those who see everything/,
    api: { ...usual, me: (now) => meAs('viewer', now), 'health/deliveries': forbidden },
  },
  {
    name: 'alert that is not there',
    path: '/health/alerts/a-lag',
    shows: 'There is no such alert',
    api: { ...usual, 'health/alerts/a-lag': gone },
  },
  { name: 'rules', path: '/health/rules', shows: 'Consumer group is behind', api: usual },
  {
    name: 'rules, filtered',
    path: '/health/rules?area=groups&state=RAISED',
    shows: 'Consumer group is behind',
    api: usual,
  },
  { name: 'rule', path: '/health/rules/group.lag-seconds', shows: 'shop-search', api: usual },
  {
    name: 'rule that is not there',
    path: '/health/rules/group.no-such',
    shows: 'No rule is called group.no-such',
    api: usual,
  },
  { name: 'silences', path: '/health/silences', shows: /Billing reads the backlog/, api: usual },
  {
    name: 'silences, none',
    path: '/health/silences',
    shows: 'Nothing is silenced',
    api: { ...usual, 'health/silences': (now) => ({ asOf: now, silences: [] }) },
  },
  { name: 'channels', path: '/health/channels', shows: 'Ticket system', api: usual },
  {
    name: 'channels, none',
    path: '/health/channels',
    shows: 'No channels yet',
    api: { ...usual, 'health/channels': () => ({ channels: [] }), 'health/routes': () => ({ routes: [] }) },
  },
  { name: 'deliveries', path: '/health/deliveries', shows: /this hook was deleted/, api: usual },
  {
    name: 'deliveries, none',
    path: '/health/deliveries',
    shows: /Nothing has been sent yet/,
    api: {
      ...usual,
      'health/deliveries': () => ({ deliveries: [], next: null, counts: health.noDeliveries }),
    },
  },
  {
    name: 'overview with alerts',
    path: '/',
    shows: 'Broker does not answer',
    api: usual,
  },
  {
    name: 'overview whose alerts cannot be read',
    path: '/',
    shows: 'No link and no cluster is in trouble.',
    api: { ...usual, 'health/alerts': broken },
  },
];

/** The states that every page has in the same design. */
export const healthStates: Scene[] = pages.flatMap(({ name, path, asks, loading, what }): Scene[] => [
  { name: `${name}, loading`, path, shows: loading, api: { ...usual, [asks]: () => 'hang' } },
  { name: `${name}, failed`, path, shows: `Could not load ${what}`, api: { ...usual, [asks]: broken } },
  {
    name: `${name}, forbidden`,
    path,
    shows: `You may not see ${what}`,
    api: { ...usual, [asks]: forbidden },
  },
]);
