// What the data thread is told of links and mirrors once a tick: the numbers that pages show, in columns. Pure but for the last frame's counters.
import type { LinkState, MirrorState } from '@/lib/contracts/link';
import { linkState, mirrorState } from '@/lib/contracts/link';
import { linkTaskState } from '@/lib/contracts/link-task';
import type { LinkNumbers } from '@/lib/contracts/monitoring/thread';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { EngineStatus } from '@/server/engine-port';
import type { MirrorFrame } from '@/server/metrics/frame';
import { blockedOffsets } from '@/server/metrics/lag';
import type { Metrics } from '@/server/metrics/metrics';
import { verificationSummary } from '@/server/metrics/verification';
import type { CatalogLink } from './catalog';
import type { MirrorFact } from './mirror-facts';

type Seen = {
  link: CatalogLink;
  state: LinkState;
  facts: readonly MirrorFact[];
  metrics: Metrics;
  engine: EngineStatus;
  nowMs: number;
};
type Told = Partial<Record<MetricName, number>>;

export function linkNumbers({ link, state, facts, metrics, engine, nowMs }: Seen): LinkNumbers {
  const frame = metrics.frame?.links.get(link.id);
  const current = engine === 'RUNNING' && frame !== undefined;
  const live = facts.filter(({ stopped }) => stopped === null);
  const told: Told = {
    landbridge_link_state: linkState.options.indexOf(state),
    landbridge_link_mirrors: live.length,
  };
  const mirrors = mirrorColumns(live.map(({ topic }) => topic));
  if (current) {
    Object.assign(told, ofLink(link, frame, live));
    for (const [row, fact] of live.entries()) {
      const seen = frame.mirrors.get(fact.topic);
      mirrors.set(row, { ...ofFact(fact), ...(seen ? ofMirror(seen, metrics, nowMs) : {}) });
    }
    const ages = [...(mirrors.columns.landbridge_mirror_verified_age_seconds ?? [])].filter(Number.isFinite);
    if (ages.length > 0) told.landbridge_link_verified_age_seconds = Math.max(...ages);
  }
  return {
    ...{ name: link.name, source: link.source, destination: link.destination, numbers: told },
    tasks: current
      ? Object.fromEntries(
          frame.link.tasks.map(({ name, state: of }) => [name, linkTaskState.options.indexOf(of)]),
        )
      : {},
    mirrors: {
      topics: live.map(({ topic }) => topic),
      sourceTopics: live.map(({ sourceTopic }) => sourceTopic),
      columns: mirrors.columns,
      compacted: Int8Array.from(live, ({ compacted }) => (compacted === null ? -1 : Number(compacted))),
    },
    whole: current,
  };
}

const is = (state: MirrorState) => (fact: MirrorFact) => fact.state === state;

function ofLink(
  link: CatalogLink,
  { link: seen, lag, rates }: NonNullable<ReturnType<typeof frameOf>>,
  live: readonly MirrorFact[],
): Told {
  const throttle = link.settings['link.throttle.bytes.per.second'];
  const locking = link.settings['mirror.lock'] === 'lock';
  return {
    landbridge_link_memory_bytes: seen.memoryBytes,
    landbridge_link_mirrors_failed: live.filter(is('FAILED')).length,
    landbridge_link_mirrors_unavailable: live.filter(is('SOURCE_UNAVAILABLE')).length,
    landbridge_link_mirrors_unlocked: locking
      ? live.filter(({ lock }) => lock?.state === 'WATCHED').length
      : 0,
    ...known({
      landbridge_link_groups_behind: seen.groupsBehind ?? null,
      landbridge_link_lag_messages: whole(lag.unknown, lag.messages),
      landbridge_link_lag_bytes: whole(lag.unknownBytes, lag.bytes),
      landbridge_link_max_lag_seconds: lag.seconds,
      landbridge_link_lag_unknown_partitions: lag.unknownSeconds,
      landbridge_link_bytes_per_second: rates.bytesPerSecond,
      landbridge_link_records_per_second: rates.recordsPerSecond,
      landbridge_link_latency_p50_seconds: seen.latencyMs && seen.latencyMs.p50 / 1000,
      landbridge_link_latency_p99_seconds: seen.latencyMs && seen.latencyMs.p99 / 1000,
      landbridge_link_throttle_ratio:
        throttle === null || rates.bytesPerSecond === null ? null : rates.bytesPerSecond / throttle,
    }),
  };
}
const frameOf = (metrics: Metrics, id: string) => metrics.frame?.links.get(id);

function ofFact(fact: MirrorFact): Told {
  return {
    landbridge_mirror_state: mirrorState.options.indexOf(fact.state),
    landbridge_mirror_foreign_write: Number(fact.error === 'UNEXPECTED_WRITE'),
    ...known({
      landbridge_mirror_max_lag_seconds: fact.lag.seconds,
      // A series of each mirror of which it is 0 would be the dearest way to say nothing.
      landbridge_mirror_lag_unknown_partitions: fact.lag.unknownSeconds > 0 ? fact.lag.unknownSeconds : null,
      landbridge_mirror_sum_lag_messages: whole(fact.lag.unknown, fact.lag.messages),
      landbridge_mirror_sum_lag_bytes: whole(fact.lag.unknownBytes, fact.lag.bytes),
      landbridge_mirror_bytes_per_second: fact.bytesPerSecond,
      landbridge_mirror_records_per_second: fact.recordsPerSecond,
    }),
  };
}

function ofMirror({ mirror, fills, ...totals }: MirrorFrame, metrics: Metrics, nowMs: number): Told {
  const columns = metrics.frame?.columns;
  if (!columns) return {};
  let blocked = 0n;
  let unknown = 0;
  let lost = 0n;
  for (let index = mirror.first; index < mirror.first + mirror.partitions; index++) {
    const held = blockedOffsets(columns, index);
    if (held === null) unknown++;
    blocked += held ?? 0n;
    lost += columns.lostTotal[index] ?? 0n;
  }
  const { endsCheckedAt } = verificationSummary(columns, [mirror]);
  return {
    landbridge_mirror_bytes_total: Number(totals.bytesTotal),
    landbridge_mirror_records_total: Number(totals.recordsTotal),
    landbridge_mirror_lost_messages_total: Number(lost),
    landbridge_mirror_filled_offsets_total: Number(fills.markers + fills.head + fills.copies),
    ...known({
      // That something is held back is so, whatever else is; that nothing is, only where all is seen.
      landbridge_mirror_blocked_messages: blocked === 0n && unknown > 0 ? null : Number(blocked),
      landbridge_mirror_config_drift: mirror.drift ?? null,
      landbridge_mirror_verified_age_seconds:
        endsCheckedAt === null ? null : Math.max(0, (nowMs - endsCheckedAt) / 1000),
    }),
  };
}

function mirrorColumns(topics: readonly string[]) {
  const columns: LinkNumbers['mirrors']['columns'] = {};
  return {
    columns,
    set(row: number, told: Told): void {
      for (const [metric, value] of Object.entries(told)) {
        columns[metric] ??= new Float64Array(topics.length).fill(Number.NaN);
        (columns[metric] as Float64Array)[row] = value;
      }
    },
  };
}

/** A sum that leaves partitions out is not known: "no lag" of the rest would end alerts. */
const whole = (unknown: number, sum: bigint | null) => (sum === null || unknown > 0 ? null : Number(sum));

/** What is not known is not told. */
function known(told: Partial<Record<MetricName, number | null>>): Told {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null)) as Told;
}
