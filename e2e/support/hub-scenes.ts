// Designed states of a hub's pages, for RENDERING TESTS; data checked against the contracts. They are shown by a hub alone (hub.spec.ts).
import { type HubConsole, hubClusters, hubConsole, hubConsoleDetail, hubConsoles } from '@/lib/contracts/hub';
import { alertPage } from '@/lib/contracts/monitoring/alerts';
import { history } from './cluster-fixtures';
import { alert } from './health-fixtures';
import type { Scene } from './scenes';

const MINUTE_MS = 60_000;
const none = { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 };

const console = (name: string, now: number, over: Partial<HubConsole> = {}): HubConsole =>
  hubConsole.parse({
    ...{ name, state: 'REPORTING', reportedName: name, version: '0.1.0', mode: 'reduced' },
    ...{ heardAt: now - 21_000, seenAt: now - 22_000, intervalMs: MINUTE_MS, clockSkewSeconds: null },
    ...{ series: 4_127, unknownSeries: 0, dropped: 0, refused: 0, overBudgetAt: null },
    ...{
      clusters: 2,
      clustersUnreachable: 0,
      links: 3,
      linksNotActive: 0,
      worstLagSeconds: 1.4,
      alerts: none,
    },
    ...over,
  });

const sendsTooMuch = (now: number) =>
  console('plant-9', now, {
    ...{ overBudgetAt: now - 95_000, series: 130_412, worstLagSeconds: 4_210 },
    ...{ clustersUnreachable: 1, linksNotActive: 1 },
    alerts: { ...none, CRITICAL: 1, WARN: 3 },
  });
const unknown = { reportedName: null, version: null, mode: null, heardAt: null, seenAt: null };
const consoles = (now: number) =>
  hubConsoles.parse({
    now,
    consoles: [
      console('plant-in-the-north-4', now, {
        ...{ state: 'SILENT', heardAt: now - 38 * MINUTE_MS, seenAt: now - 38 * MINUTE_MS },
        ...{ worstLagSeconds: 95, alerts: { ...none, ERROR: 2 } },
      }),
      sendsTooMuch(now),
      console('head-office', now, { worstLagSeconds: null, links: 0 }),
      console('plant-7', now),
      console('plant-11', now, {
        ...{ ...unknown, state: 'NEVER', series: null, unknownSeries: null, dropped: null, refused: null },
        ...{ clusters: null, clustersUnreachable: null, links: null, linksNotActive: null },
        worstLagSeconds: null,
      }),
      console('plant-2', now, { state: 'REVOKED', heardAt: now - 600 * MINUTE_MS }),
    ],
  });

const cluster = (of: string, name: string, now: number, over: object = {}) => ({
  ...{
    console: of,
    name,
    seenAt: now - 22_000,
    stale: false,
    reachable: true,
    brokers: 3,
    brokersMissing: 0,
  },
  ...{ topics: 412, partitions: 3_318, offlinePartitions: 0, underMinIsrPartitions: 0 },
  ...{ underReplicatedPartitions: 0, groups: 57, bytesInPerSecond: 8_412_333 },
  ...over,
});
const link = (name: string, now: number, over: object = {}) => ({
  ...{ console: 'plant-9', name, source: 'plant', destination: 'cloud', seenAt: now - 22_000, stale: false },
  ...{ state: 'ACTIVE', mirrors: 120, mirrorsFailed: 0, lagMessages: 12, maxLagSeconds: 1.4 },
  ...{ bytesPerSecond: 4_100_000, ...over },
});

const usual: Scene['api'] = {
  'hub/consoles': consoles,
  'hub/clusters': (now) =>
    hubClusters.parse({
      now,
      clusters: [
        cluster('plant-9', 'cloud', now, { reachable: false }),
        cluster('plant-in-the-north-4', 'north', now, { stale: true, seenAt: now - 38 * MINUTE_MS }),
        cluster('plant-9', 'plant', now),
        cluster('plant-7', 'plant', now),
      ],
    }),
  'hub/consoles/plant-9': (now) =>
    hubConsoleDetail.parse({
      ...{ now, console: sendsTooMuch(now) },
      clusters: [cluster('plant-9', 'cloud', now, { reachable: false }), cluster('plant-9', 'plant', now)],
      links: [
        link('orders', now, { state: 'UNAVAILABLE', maxLagSeconds: 4_210 }),
        link('clicks', now, { mirrorsFailed: 2 }),
      ],
    }),
  'hub/consoles/plant-9/alerts': (now) =>
    alertPage.parse({
      alerts: [
        alert('a-cloud', 'cluster.unreachable', now, {
          ...{ console: 'plant-9', severity: 'CRITICAL', labels: { cluster: 'cloud' } },
          message:
            'Cluster cloud has not answered for 11 min: connection refused by kafka-1.example.com:9092.',
        }),
      ],
      ...{ next: null, open: { ...none, CRITICAL: 1, WARN: 3 } },
    }),
  'hub/consoles/plant-9/history': (_now, url) => history(url, [{ console: 'plant-9' }]),
};

export const hubScenes: Scene[] = [
  { name: 'consoles of a hub', path: '/hub', shows: 'over budget', api: usual },
  {
    name: 'a console over its budget',
    path: '/hub/plant-9',
    shows: 'It sends more than this hub takes of one console',
    api: usual,
  },
];
