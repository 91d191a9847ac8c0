// What travels between the web thread and the data thread. One schema, used by both ends.
import { z } from 'zod';
import { clusterConfig } from '@/lib/contracts/cluster';
import { timestampMs } from '@/lib/contracts/common';
import { type AlertDetail, type AlertPage, alertQuery, visibleAlerts } from './alerts';
import type { BrokerDetail, BrokersPage, QuorumView } from './brokers';
import { channel } from './channels';
import type { ClusterSummary } from './cluster-summary';
import { type ChannelTest, type DeliveryPage, deliveryQuery } from './deliveries';
import { exposedNumbers } from './exposed';
import { type GroupDetail, type GroupsPage, groupsQuery } from './groups';
import type { NextReport, OtlpStatus } from './health-report';
import { healthSettings } from './health-settings';
import { type historyAnswer, historyQuery } from './history';
import { type HubAnswers, type HubRequest, hubRequest } from './hub-thread';
import { monitoringMode } from './mode';
import type { LibraryView } from './rules';
import { type TopicConfigsView, type TopicDetail, type TopicsPage, topicsQuery } from './topics';

const numbers = z.record(z.string(), z.number());

/** Links and mirrors as pages show them, worked out by the web thread once a tick; metric name → number, absent where not known. */
export const linkNumbers = z.object({
  name: z.string(),
  source: z.string(),
  destination: z.string(),
  numbers,
  /** Task → code of its state. */
  tasks: numbers,
  /** One value a mirror and metric, NaN where not known. */
  mirrors: z.object({
    topics: z.array(z.string()),
    sourceTopics: z.array(z.string()),
    columns: z.record(z.string(), z.instanceof(Float64Array)),
    /** 1: compacted, 0: not, −1: not known. */
    compacted: z.instanceof(Int8Array),
  }),
  /** False while the engine says nothing of it: then what is missing is unknown, not gone. */
  whole: z.boolean(),
});
export type LinkNumbers = z.infer<typeof linkNumbers>;

/** Questions to the data thread; each gets exactly one answer. */
export const monitorRequest = z.discriminatedUnion('op', [
  /** How the thread itself is. */
  z.object({ op: z.literal('status') }),
  /** The newest numbers of some clusters and links (destination/name), in Prometheus' text format. */
  z.object({
    op: z.literal('exposition'),
    clusters: z.array(z.string()),
    links: z.array(z.string()),
    everything: z.boolean(),
  }),
  /** What the last sweep of a cluster has seen; null: there was none yet. */
  z.object({ op: z.literal('summary'), cluster: z.string() }),
  z.object({ op: z.literal('topics'), cluster: z.string(), query: topicsQuery }),
  z.object({ op: z.literal('groups'), cluster: z.string(), query: groupsQuery }),
  z.object({ op: z.literal('brokers'), cluster: z.string() }),
  z.object({ op: z.literal('quorum'), cluster: z.string() }),
  /** One thing that it has seen: `found` is null where it has seen none of that name. */
  z.object({ op: z.literal('topic'), cluster: z.string(), topic: z.string() }),
  /** Read from a broker now: `found` is null where that knows no such topic. */
  z.object({ op: z.literal('topicConfigs'), cluster: z.string(), topic: z.string() }),
  z.object({ op: z.literal('group'), cluster: z.string(), group: z.string() }),
  z.object({ op: z.literal('broker'), cluster: z.string(), broker: z.int() }),
  z.object({ op: z.literal('history'), query: historyQuery }),
  z.object({ op: z.literal('alerts'), query: alertQuery }),
  z.object({ op: z.literal('alert'), id: z.string(), visible: visibleAlerts }),
  z.object({
    op: z.literal('acknowledge'),
    ...{ id: z.string(), by: z.string(), why: z.string(), from: z.string().nullable() },
  }),
  /** `console`: on a hub, of one of those that are visible. */
  z.object({ op: z.literal('rules'), visible: visibleAlerts, console: z.string().optional() }),
  z.object({ op: z.literal('deliveries'), query: deliveryQuery }),
  z.object({ op: z.literal('sendAgain'), id: z.string() }),
  /** With its secrets; it need not be one that is kept. */
  z.object({ op: z.literal('testChannel'), channel, by: z.string() }),
  /** What leaves the house next. */
  z.object({ op: z.literal('healthReport') }),
  z.object({ op: z.literal('hub'), ask: hubRequest }),
]);
export type MonitorRequest = z.infer<typeof monitorRequest>;

export const monitorStatus = z.object({
  mode: monitoringMode,
  observedAt: timestampMs.nullable(),
  /** Of the last tick. */
  series: z.int(),
  tickMs: z.number().nullable(),
});

export type MonitorAnswers = {
  status: z.infer<typeof monitorStatus>;
  exposition: string;
  summary: ClusterSummary | null;
  topics: TopicsPage | null;
  groups: GroupsPage | null;
  brokers: BrokersPage | null;
  quorum: QuorumView | null;
  topic: { found: TopicDetail | null } | null;
  topicConfigs: { found: TopicConfigsView | null } | null;
  group: { found: GroupDetail | null } | null;
  broker: { found: BrokerDetail | null } | null;
  history: z.infer<typeof historyAnswer>;
  alerts: AlertPage;
  alert: AlertDetail | null;
  acknowledge: null;
  rules: LibraryView;
  deliveries: DeliveryPage;
  sendAgain: null;
  testChannel: ChannelTest;
  /** `report`: null where nothing is reported. */
  healthReport: { report: NextReport | null; otlp: OtlpStatus | null };
  hub: HubAnswers[HubRequest['op']];
};

export const toMonitor = z.discriminatedUnion('type', [
  /** All that is to be watched; sent again whole at each change. */
  z.object({
    type: z.literal('desired'),
    clusters: z.array(clusterConfig),
    health: healthSettings,
    /** On a hub, those that have or had a key. */
    consoles: z.array(z.object({ name: z.string(), active: z.boolean() })).default([]),
  }),
  /** Once a tick. `own` is about Landbridge itself. */
  z.object({ type: z.literal('links'), at: timestampMs, own: numbers, links: z.array(linkNumbers) }),
  /** What /metrics tells from the web thread's own numbers, as it was asked for. */
  z.object({ type: z.literal('exposed'), numbers: exposedNumbers }),
  z.object({ type: z.literal('request'), id: z.int(), request: monitorRequest }),
  z.object({ type: z.literal('stop') }),
]);
export type ToMonitor = z.infer<typeof toMonitor>;

export const fromMonitor = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heartbeat'), at: timestampMs }),
  z.object({
    type: z.literal('answer'),
    id: z.int(),
    ok: z.boolean(),
    value: z.unknown(),
    error: z.string().nullable(),
    /** Of an error: those that people can do something about are told as such. */
    code: z.string().nullable(),
  }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
  }),
  /** Numbers of links are wanted now: in reduced mode they are told only then. */
  z.object({ type: z.literal('linksWanted') }),
  /** What /metrics tells from the web thread's own numbers is wanted now. */
  z.object({ type: z.literal('exposedWanted') }),
  z.object({ type: z.literal('stopped') }),
]);
export type FromMonitor = z.infer<typeof fromMonitor>;
