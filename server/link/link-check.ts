// Staged checks of both ends of a link, and the rights that it needs there. Changes nothing but a scratch topic of its own.
import type { CheckResult, ClusterProbe } from '@/lib/contracts/cluster';
import type { EngineRequest, LinkCheck } from '@/lib/contracts/engine';
import type { LinkError } from '@/lib/contracts/link';
import type { RightRow, RightSide } from '@/lib/contracts/rights';
import { clientFor } from '@/server/kafka/security';
import { CHECK_CLIENT_ID, notRun, probeCluster } from './cluster-probe';
import { destinationRights } from './destination-rights';
import { groupRights } from './groups/group-rights';
import { transactionalIdOf } from './identity';
import { linkErrorAt } from './link-errors';
import { mayWriteMarkers } from './markers';
import { runScratchSequence, type ScratchResult } from './scratch';
import { sourceRights } from './source-rights';

type Request = Extract<EngineRequest, { op: 'checkLink' }>;

/** From this release on ALTER on the cluster is enough for markers; before it was CLUSTER_ACTION alone. */
const ALTER_WRITES_MARKERS = 3.09;

export async function checkLink(request: Request): Promise<LinkCheck> {
  const [source, destination] = await Promise.all([
    probeCluster(request.source),
    probeCluster(request.destination),
  ]);
  const result: LinkCheck = {
    ok: source.reachable && destination.reachable,
    error: 'NO_ERROR',
    source: source.checks,
    destination: destination.checks,
    sourceClusterId: source.clusterId,
    destinationClusterId: destination.clusterId,
  };
  if (!checkIds(result, source, destination)) result.ok = false;
  if (result.ok) await checkRights(request, result, destination);
  else {
    result.source = [...result.source, notRun('RIGHTS')];
    const skipped = request.scratch ? [notRun('SCRATCH_TOPIC'), notRun('RIGHTS')] : [notRun('RIGHTS')];
    result.destination = [...result.destination, ...skipped];
  }
  const all = [...result.source, ...result.destination];
  if (all.some((check) => check.status === 'FAILED')) result.ok = false;
  result.error = errorOf(all);
  return result;
}

/** @returns whether the two ends are different clusters, as far as is known */
function checkIds(result: LinkCheck, source: ClusterProbe, destination: ClusterProbe): boolean {
  const same = source.clusterId !== null && source.clusterId === destination.clusterId;
  const stageOf = (clusterId: string): CheckResult => ({
    stage: 'CLUSTER_ID',
    status: same ? 'FAILED' : 'OK',
    message: same
      ? `Both ends are the same cluster (${clusterId}). A link needs two.`
      : `The cluster id is ${clusterId}.`,
    durationMs: null,
  });
  if (source.clusterId !== null) result.source = [...result.source, stageOf(source.clusterId)];
  if (destination.clusterId !== null)
    result.destination = [...result.destination, stageOf(destination.clusterId)];
  return !same;
}

async function checkRights(request: Request, result: LinkCheck, destination: ClusterProbe): Promise<void> {
  const mirrors = request.mirrors ?? [];
  const began = performance.now();
  const seen = await sourceRights(
    request.source,
    mirrors.map((m) => m.sourceTopic),
  );
  result.source = [...result.source, stageOf('SOURCE', seen, performance.now() - began)];
  const seenGroups = await groupRights('SOURCE', request.source, request.groupFilters ?? '');
  const held = await markersAllowed(request);
  let scratch: ScratchResult | null = null;
  if (request.scratch) {
    const scratchBegan = performance.now();
    scratch = await runScratchSequence(request.destination, request.name, held);
    const { status, message } = scratch;
    const durationMs = performance.now() - scratchBegan;
    result.destination = [...result.destination, { stage: 'SCRATCH_TOPIC', status, message, durationMs }];
  }
  const rightsBegan = performance.now();
  const there = await destinationRights(
    request.destination,
    transactionalIdOf(result.sourceClusterId ?? '', result.destinationClusterId ?? '', request.name),
    `landbridge-${request.name}-`,
    mirrors.map((m) => m.topic),
    scratch,
    { held, operation: markerOperation(destination.kafkaVersion) },
  );
  result.destination = [
    ...result.destination,
    stageOf('DESTINATION', there, performance.now() - rightsBegan),
  ];
  const writtenGroups = await groupRights('DESTINATION', request.destination, request.groupFilters ?? '');
  result.rights = [...seen, ...seenGroups, ...there, ...writtenGroups];
  result.fills = scratch?.fills ?? null;
}

async function markersAllowed(request: Request): Promise<boolean> {
  const client = clientFor(request.destination, CHECK_CLIENT_ID);
  try {
    return await mayWriteMarkers(await client.anyConnection());
  } finally {
    client.close();
  }
}

function markerOperation(release: string | null): 'ALTER' | 'CLUSTER_ACTION' {
  const [major = 0, minor = 0] = (release?.split(' ')[0] ?? '').split('.').map(Number);
  return major + minor / 100 >= ALTER_WRITES_MARKERS ? 'ALTER' : 'CLUSTER_ACTION';
}

/** Without these a link can't work; without the others it does less, which the row says. */
const VITAL: Record<RightSide, ReadonlySet<string>> = {
  SOURCE: new Set(['TOPIC READ', 'TOPIC DESCRIBE_CONFIGS']),
  DESTINATION: new Set(['TOPIC CREATE', 'TOPIC READ', 'TOPIC WRITE', 'TRANSACTIONAL_ID WRITE']),
};

function stageOf(side: RightSide, rows: readonly RightRow[], durationMs: number): CheckResult {
  const missing = rows.filter((row) => row.status === 'MISSING');
  const vital = missing.filter((row) => VITAL[side].has(`${row.resource} ${row.operation}`));
  const spoken = (list: readonly RightRow[]) =>
    list.map((row) => `${row.operation} on ${row.resource.toLowerCase().replace('_', ' ')}`).join(', ');
  const unknown = rows.filter((row) => row.status === 'NOT_RUN').length;
  const message =
    vital.length > 0
      ? `Missing: ${spoken(missing)}. ${vital[0]?.command ?? ''}`
      : missing.length > 0
        ? `Missing, but not vital: ${spoken(missing)}.`
        : unknown > 0
          ? `${rows.length - unknown} of ${rows.length} rights are known to be held; the others are known when topics are named.`
          : 'All rights are held.';
  return { stage: 'RIGHTS', status: vital.length > 0 ? 'FAILED' : 'OK', message, durationMs };
}

function errorOf(checks: CheckResult[]): LinkError {
  const failed = checks.find((c) => c.status === 'FAILED');
  return failed ? linkErrorAt(failed.stage) : 'NO_ERROR';
}
