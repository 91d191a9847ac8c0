// Data of Health for rendering tests: alerts, rules as the server describes them, silences, channels, deliveries, a metric's history.
// Checked against the contracts.
import { type AlertRow, alertDetail, alertPage, alertRow } from '@/lib/contracts/monitoring/alerts';
import { deliveryPage } from '@/lib/contracts/monitoring/deliveries';
import { channelForm, channelList, routeList, silenceList } from '@/lib/contracts/monitoring/health-changes';
import { historyAnswer } from '@/lib/contracts/monitoring/history';
import { type LibraryEntry, libraryView, type RuleSubject } from '@/lib/contracts/monitoring/rules';
import { infoOf } from '@/server/health/catalog';
import { ruleOf, rules } from '@/server/health/rules/all';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const link = { link: 'dc1-to-cloud', source: 'dc1', destination: 'cloud' };

export function alert(id: string, rule: string, now: number, over: Partial<AlertRow> = {}): AlertRow {
  const info = ruleOf(rule);
  if (!info) throw new Error(`There is no rule ${rule}.`);
  const severity = over.severity ?? 'WARN';
  return alertRow.parse({
    ...{ id, rule, tenant: '', console: '', area: info.area, status: 'RAISED', severity, worst: severity },
    ...{ labels: { cluster: 'dc1' }, title: info.title, message: info.what, value: 1, threshold: 1 },
    ...{ unit: info.unit, counted: info.counted, affected: { count: 0, items: [] } },
    ...{ createdAt: now - 11 * MINUTE_MS, changedAt: now - 11 * MINUTE_MS, clearedAt: null, cleared: null },
    ...{ acknowledged: null, parent: null, silencedBy: [], known: true, lastNumberAt: null, children: 0 },
    ...over,
  });
}

const partitions = (count: number) => ({
  count,
  items: Array.from({ length: Math.min(100, count) }, (_, i) => `shop.orders ${i}`),
});

export const openAlerts = (now: number): AlertRow[] => [
  alert('a-broker', 'broker.unreachable', now, {
    ...{
      severity: 'CRITICAL',
      labels: { cluster: 'dc1', broker: '3' },
      affected: partitions(400),
      children: 2,
    },
    message:
      'Broker 3 of cluster dc1 has not answered for 11 min: connection refused by kafka-3.dc1.example.com:9092.',
  }),
  alert('a-lag', 'link.lag-beyond-rpo', now, {
    ...{ severity: 'ERROR', labels: link, value: 412, threshold: 300 },
    message: 'Link dc1-to-cloud (dc1 → cloud) is 6 min behind on shop.clicks; 5 min is the limit.',
    acknowledged: {
      at: now - 4 * MINUTE_MS,
      by: 'Ada Lovelace',
      why: 'Throttle is being raised, ticket 4711.',
    },
    createdAt: now - 26 * MINUTE_MS,
  }),
  alert('a-group', 'group.lag-seconds', now, {
    ...{ labels: { cluster: 'cloud', group: 'billing' }, value: 1_900, threshold: 600, silencedBy: ['s-1'] },
    message: 'Group billing on cluster cloud is 31 min behind; 10 min is the limit.',
    createdAt: now - 3 * HOUR_MS,
  }),
  alert('a-disk', 'broker.disk', now, {
    ...{
      labels: { cluster: 'dc1', broker: '1', dir: '/var/lib/kafka' },
      value: 0.83,
      threshold: 0.8,
      known: false,
      lastNumberAt: now - 7 * MINUTE_MS,
    },
    message: 'The disk of broker 1 on cluster dc1 (/var/lib/kafka) is 83 % full; 80 % is the limit.',
    createdAt: now - 2 * 24 * HOUR_MS,
  }),
  alert('a-endpoint', 'landbridge.memory', now, {
    ...{ severity: 'INFO', labels: {}, value: 1.4e9, threshold: 1.2e9 },
    message: 'Landbridge takes 1.3 GiB of memory; 1.1 GiB is the limit.',
    createdAt: now - 40_000,
  }),
];

export const clearedAlerts = (now: number): AlertRow[] => {
  const over = (id: string, rule: string, agoMs: number, lastedMs: number, more: Partial<AlertRow>) =>
    alert(id, rule, now, {
      ...{ status: 'CLEARED', known: false, cleared: 'OVER' },
      ...{ createdAt: now - agoMs - lastedMs, clearedAt: now - agoMs, changedAt: now - agoMs },
      ...more,
    });
  return [
    over('c-lag', 'link.lag-beyond-rpo', 70 * MINUTE_MS, 26 * MINUTE_MS, {
      ...{ severity: 'ERROR', worst: 'CRITICAL', labels: link, value: 912, threshold: 300 },
      message: 'Link dc1-to-cloud (dc1 → cloud) is 15 min behind on shop.clicks; 5 min is the limit.',
    }),
    over('c-topic', 'mirror.blocked', 5 * HOUR_MS, 3 * HOUR_MS, {
      ...{ cleared: 'GONE', labels: { ...link, topic: 'shop.returns' }, value: 700, threshold: 600 },
      message: 'Mirror shop.returns of link dc1-to-cloud is held back by an open transaction for 11 min.',
    }),
    over('c-rule', 'cluster.single-replica', 30 * HOUR_MS, 90 * HOUR_MS, {
      ...{ cleared: 'OFF', value: 12, threshold: 1 },
      message: '12 partitions of cluster dc1 have one replica only.',
    }),
  ];
};

/** Answers as the server does, as far as the pages ask. */
export function alertsAnswer(now: number, url: URL, open = openAlerts(now), cleared = clearedAlerts(now)) {
  const ask = url.searchParams;
  const all = ask.get('status') === 'CLEARED' ? cleared : open;
  const [text, atLeast, area] = [ask.get('text')?.toLowerCase(), ask.get('atLeast'), ask.get('area')];
  const order = ['INFO', 'WARN', 'ERROR', 'CRITICAL'];
  const alerts = all.filter(
    (one) =>
      (!text || JSON.stringify(one).toLowerCase().includes(text)) &&
      (!atLeast || order.indexOf(one.severity) >= order.indexOf(atLeast)) &&
      (!area || one.area === area) &&
      (!ask.get('cluster') || Object.values(one.labels).includes(ask.get('cluster') ?? '')),
  );
  const counts: Record<string, number> = { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 };
  for (const { severity } of open) counts[severity] = (counts[severity] ?? 0) + 1;
  const from = Number(ask.get('after') ?? 0);
  const limit = Number(ask.get('limit') ?? 100);
  const page = alerts.slice(from, from + limit);
  const next = from + limit < alerts.length ? String(from + limit) : null;
  return alertPage.parse({ alerts: page, next, open: counts });
}

export function detailOf(shown: AlertRow, now: number) {
  const { createdAt, clearedAt, worst, value, acknowledged } = shown;
  const change = (kind: string, at: number, detail = '', severity = worst) => ({
    ...{ at, kind, severity, value, detail },
  });
  return alertDetail.parse({
    alert: shown,
    changes: [
      change('RAISED', createdAt, '', 'WARN'),
      change('SEVERITY', createdAt + MINUTE_MS),
      ...(acknowledged
        ? [change('ACKNOWLEDGED', acknowledged.at, `${acknowledged.by}: ${acknowledged.why}`)]
        : []),
      ...(clearedAt === null ? [] : [change('CLEARED', clearedAt, shown.cleared ?? 'OVER')]),
    ],
    children:
      shown.children === 0
        ? []
        : [
            alert('a-under-1', 'cluster.under-replicated', now, {
              ...{ parent: shown.id, severity: 'ERROR', value: 400, threshold: 1 },
              message: '400 partitions of cluster dc1 are under-replicated.',
            }),
            alert('a-under-2', 'cluster.brokers-missing', now, {
              ...{ parent: shown.id, severity: 'WARN', message: 'A broker of cluster dc1 is missing.' },
            }),
          ],
  });
}

const subject = (over: Partial<RuleSubject>): RuleSubject => ({
  ...{ labels: { cluster: 'dc1' }, state: 'OK', severity: null, value: 0, threshold: 1, why: null },
  ...{ lastNumberAt: null, heldSeconds: null, forSeconds: 60 },
  ...over,
});

const groupSubjects = [
  subject({
    ...{ labels: { cluster: 'cloud', group: 'billing' }, state: 'RAISED', severity: 'WARN', value: 1_900 },
    ...{ threshold: 600, heldSeconds: 10_800, forSeconds: 120 },
  }),
  subject({
    ...{ labels: { cluster: 'dc1', group: 'shop-search' }, state: 'PENDING', severity: 'WARN', value: 660 },
    ...{ threshold: 600, heldSeconds: 70, forSeconds: 120 },
  }),
  subject({
    ...{ labels: { cluster: 'dc1', group: 'audit' }, state: 'UNKNOWN', value: null, threshold: 600 },
    ...{ why: 'no number in the last sweep', lastNumberAt: Date.now() - 240_000, forSeconds: 120 },
  }),
  ...Array.from({ length: 40 }, (_, i) =>
    subject({
      labels: { cluster: 'dc1', group: `shop-${i}` },
      value: i / 4,
      threshold: 600,
      forSeconds: 120,
    }),
  ),
  subject({
    labels: { cluster: 'lab', group: 'try' },
    state: 'OFF',
    why: 'switched off here',
    threshold: 600,
  }),
];

export function library(now: number, over: { at?: number | null; calm?: boolean } = {}) {
  const none = { OK: 0, PENDING: 0, RAISED: 0, UNKNOWN: 0, OFF: 0 };
  const raised = new Map(over.calm ? [] : openAlerts(now).map((one) => [one.rule, one]));
  const entries = rules.map((rule, i): LibraryEntry => {
    const info = infoOf(rule);
    const common = { ...info, unit: rule.unit, more: 0, overrides: [] };
    if (rule.id === 'group.lag-seconds' && !over.calm)
      return {
        ...{ ...common, subjects: groupSubjects, more: 112 },
        counts: { OK: 152, PENDING: 1, RAISED: 1, UNKNOWN: 1, OFF: 1 },
        overrides: [
          { rule: rule.id, scope: { kind: 'everywhere' }, thresholds: { error: 7_200 } },
          { rule: rule.id, scope: { kind: 'cluster', cluster: 'lab' }, enabled: false },
        ],
      };
    const open = raised.get(rule.id);
    if (open)
      return {
        ...{ ...common, counts: { ...none, RAISED: 1, OK: 5 } },
        subjects: [
          subject({
            ...{ labels: open.labels, state: 'RAISED', severity: open.severity, value: open.value },
            ...{ threshold: open.threshold ?? 1, heldSeconds: 660, forSeconds: rule.forSeconds },
          }),
        ],
      };
    const counts = i % 9 === 4 ? none : { ...none, OK: 2 + (i % 5) };
    const labels = Object.fromEntries(
      info.labels.map((label) => [label, label === 'broker' ? '1' : `${label}-a`]),
    );
    return { ...common, counts, subjects: counts.OK > 0 ? [subject({ labels })] : [] };
  });
  return libraryView.parse({
    at: over.at === undefined ? now - 4_000 : over.at,
    whole: true,
    rules: entries,
  });
}

export const silences = (now: number) => {
  const silence = (id: string, fromMs: number, untilMs: number, over: object) => ({
    ...{ id, from: now + fromMs, until: now + untilMs, by: 'Ada Lovelace' },
    ...{ matchers: [{ label: 'cluster', op: 'is', value: 'dc1' }], why: 'Broker upgrade on dc1.' },
    ...over,
  });
  return silenceList.parse({
    asOf: now,
    silences: [
      silence('s-1', -HOUR_MS, 2 * HOUR_MS, {
        why: 'Billing reads the backlog again until tonight, as agreed with finance.',
        matchers: [
          { label: 'cluster', op: 'is', value: 'cloud' },
          { label: 'group', op: 'begins with', value: 'billing' },
        ],
      }),
      silence('s-2', 20 * HOUR_MS, 24 * HOUR_MS, {}),
      silence('s-3', -30 * HOUR_MS, -28 * HOUR_MS, {
        by: 'Second operator',
        matchers: [],
        why: 'Datacentre power test.',
      }),
    ],
  });
};

const channelRows = [
  {
    id: 'c-1',
    name: 'Operations on call',
    kind: 'pagerduty',
    enabled: true,
    target: 'events.pagerduty.com',
    signed: false,
  },
  { id: 'c-2', name: 'ops-kafka', kind: 'slack', enabled: true, target: 'hooks.slack.com', signed: false },
  {
    id: 'c-3',
    name: 'Ticket system',
    kind: 'webhook',
    enabled: true,
    target: 'tickets.example.com',
    signed: true,
  },
  {
    id: 'c-4',
    name: 'Mail to the team',
    kind: 'email',
    enabled: false,
    target: 'ops@example.com, lead@example.com',
    signed: false,
  },
];
export const channels = () => channelList.parse({ channels: channelRows });
export const routes = () =>
  routeList.parse({
    routes: [
      { id: 'route-1', matchers: [], atLeast: 'CRITICAL', channels: ['c-1'], repeatSeconds: 900 },
      {
        ...{ id: 'route-2', atLeast: 'WARN', channels: ['c-2', 'c-3'], repeatSeconds: null },
        matchers: [{ label: 'cluster', op: 'is', value: 'dc1' }],
      },
    ],
  });
export const webhookForm = () =>
  channelForm.parse({
    ...channelRows[2],
    ...{ url: 'https://tickets.example.com/landbridge', headers: ['Authorization'], ca: null },
    ...{
      host: null,
      port: null,
      security: null,
      user: null,
      from: null,
      to: [],
      kept: ['secret', 'headers'],
    },
  });

export const noDeliveries = { WAITING: 0, DELIVERED: 0, DEAD: 0, CANCELLED: 0 };

export function deliveries(now: number, url: URL) {
  const row = (id: string, state: string, over: object) => ({
    ...{
      id,
      alert: 'a-broker',
      rule: 'broker.unreachable',
      title: 'Broker does not answer',
      severity: 'CRITICAL',
    },
    ...{ kind: 'RAISED', channel: 'c-2', channelName: 'ops-kafka', state, createdAt: now - 10 * MINUTE_MS },
    ...{ attempts: 1, triedAt: now - 10 * MINUTE_MS, said: 'HTTP 200: ok', nextAt: null },
    ...over,
  });
  const all = [
    row('5', 'WAITING', {
      ...{ channel: 'c-3', channelName: 'Ticket system', attempts: 3, nextAt: now + 40_000 },
      said: 'connect ECONNREFUSED 10.4.0.80:443',
    }),
    row('4', 'DELIVERED', {
      channel: 'c-1',
      channelName: 'Operations on call',
      said: 'HTTP 202: Event processed',
    }),
    row('3', 'DELIVERED', {}),
    row('2', 'DEAD', {
      ...{ alert: 'c-lag', title: 'Lag is beyond what may be lost', severity: 'ERROR', attempts: 14 },
      ...{ channel: 'c-3', channelName: 'Ticket system', createdAt: now - 20 * HOUR_MS },
      said: 'HTTP 410 Gone: {"error":"this hook was deleted"}',
    }),
    row('1', 'DELIVERED', {
      ...{ alert: 'c-lag', kind: 'CLEAR', severity: 'ERROR', createdAt: now - 21 * HOUR_MS },
      title: 'Lag is beyond what may be lost',
    }),
  ];
  const [state, channel, of] = ['state', 'channel', 'alert'].map((key) => url.searchParams.get(key));
  return deliveryPage.parse({
    deliveries: all.filter(
      (one) =>
        (!state || one.state === state) && (!channel || one.channel === channel) && (!of || one.alert === of),
    ),
    next: null,
    counts: { WAITING: 1, DELIVERED: 3, DEAD: 1, CANCELLED: 0 },
  });
}

/** A lag that grows, passes its limit 26 minutes ago and stays; with a gap. */
export function history(_now: number, url: URL) {
  const ask = url.searchParams;
  const [fromMs, toMs] = [Number(ask.get('fromMs')), Number(ask.get('toMs'))];
  const stepMs = 10_000;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const timesMs = Array.from(
    { length: Math.floor((toMs - first) / stepMs) + 1 },
    (_, i) => first + i * stepMs,
  );
  const isFlag = /reachable|up$/.test(ask.get('metric') ?? '');
  const values = timesMs.map((_, i) => {
    const at = i / timesMs.length;
    if (isFlag) return at < 0.47 ? 1 : 0;
    if (at > 0.55 && at < 0.6) return null;
    return Math.round(120 + 400 / (1 + Math.exp(-18 * (at - 0.28))) + 20 * Math.sin(i / 9));
  });
  const last = values.at(-1) ?? 0;
  return historyAnswer.parse({
    ...{ metric: ask.get('metric'), fromMs, toMs, stepMs: null, timesMs, total: 1, partial: false },
    series: [{ labels: JSON.parse(ask.get('labels') ?? '{}'), values, latest: { atMs: toMs, value: last } }],
    ...{ keptFromMs: fromMs - 6 * 24 * HOUR_MS, ticksFromMs: fromMs - 6 * 24 * HOUR_MS },
  });
}
