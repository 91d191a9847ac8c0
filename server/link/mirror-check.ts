// A verdict for each topic before it is mirrored: may it, with which rights, and what it would mean. Changes nothing but a scratch topic of its own.
import type { EngineRequest, MirrorVerdict } from '@/lib/contracts/engine';
import type { AclOperation } from '@/lib/contracts/rights';
import { clientFor } from '@/server/kafka/security';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { CHECK_CLIENT_ID, CHECK_TIMEOUT_MS } from './cluster-probe';
import { CREATE_RIGHT, uncreatable } from './destination-rights';
import { type GapRate, gapRateOf } from './gap-rate';
import { internalTopicMessage, reservedTopicMessage } from './reserved-topics';
import { missingMessage, missingTopicRights, TOPIC_RIGHTS } from './rights';
import { judgeSlowFills, slowFillsOf } from './slow-fills';
import { type Ends, endsOf, placesOf } from './source-probe';
import { FIXED_WHILE_MIRRORING } from './topic-configs';
import { refusedOperations } from './topic-probe';

type Request = Extract<EngineRequest, { op: 'checkMirrors' }>;
type Wanted = Request['mirrors'][number];
type Topics = Map<string, TopicMetadata>;

type Seen = {
  request: Request;
  there: Topics;
  here: Topics;
  brokers: number;
  ends: ReadonlyMap<string, Ends>;
  /** Of topics that don't exist on the destination yet. */
  refused: ReadonlyMap<string, readonly AclOperation[]>;
  gaps: ReadonlyMap<string, GapRate | null>;
  slow: Awaited<ReturnType<typeof slowFillsOf>>;
};

export async function checkMirrors(request: Request): Promise<MirrorVerdict[]> {
  const source = clientFor(request.source, CHECK_CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS });
  const destination = clientFor(request.destination, CHECK_CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS });
  try {
    const seen = await look(request, source, destination);
    return request.mirrors.map((mirror) => verdictOf(mirror, seen));
  } finally {
    source.close();
    destination.close();
  }
}

async function look(request: Request, source: ClusterClient, destination: ClusterClient): Promise<Seen> {
  const [there, here] = await Promise.all([
    topicsOf(
      source,
      request.mirrors.map((m) => m.sourceTopic),
    ),
    topicsOf(
      destination,
      request.mirrors.map((m) => m.topic),
    ),
  ]);
  const readable = [...there.values()].filter((topic) => topic.errorCode === 0 && !topic.internal);
  const ends = await endsOf(source, readable.flatMap(placesOf));
  const fresh = request.mirrors.map((m) => m.topic).filter((name) => here.get(name)?.errorCode !== 0);
  const gaps = new Map<string, GapRate | null>();
  const slow = await slowFillsOf(destination, request.destination, request.name ?? 'preview', async () => {
    for (const topic of readable)
      if (lacking('SOURCE', topic).length === 0)
        gaps.set(topic.name, await gapRateOf(source, placesOf(topic), ends, Date.now()));
    return [...gaps.values()].some((rate) => rate !== null);
  });
  const refused = await refusedOf(request, destination, fresh);
  return { request, there, here, brokers: destination.brokers.length, ends, refused, gaps, slow };
}

async function refusedOf(
  { destination: config }: Request,
  destination: ClusterClient,
  fresh: readonly string[],
): Promise<Map<string, AclOperation[]>> {
  if (fresh.length === 0) return new Map();
  const refused = await refusedOperations(await destination.anyConnection(), fresh);
  for (const name of await uncreatable(config, fresh)) refused.get(name)?.unshift('CREATE');
  return refused;
}

async function topicsOf(client: ClusterClient, names: string[]): Promise<Topics> {
  const { topics } = await client.metadata([...new Set(names)], { operations: true });
  return new Map(topics.map((t) => [t.name, t]));
}

function lacking(side: 'SOURCE' | 'DESTINATION', topic: TopicMetadata) {
  if (topic.errorCode === 0 && topic.operations === null) return [];
  return missingTopicRights(side, topic.operations);
}

function verdictOf(mirror: Wanted, seen: Seen): MirrorVerdict {
  const { request, ends } = seen;
  const there = seen.there.get(mirror.sourceTopic);
  const verdict: MirrorVerdict = {
    topic: mirror.topic,
    sourceTopic: mirror.sourceTopic,
    ok: false,
    message: '',
    partitions: null,
    headFill: null,
    backlog: null,
  };
  const reserved = reservedTopicMessage(mirror.topic) ?? reservedTopicMessage(mirror.sourceTopic);
  if (reserved !== null) return { ...verdict, message: reserved };
  const hidden = there?.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  if (!there || (there.errorCode !== 0 && !hidden))
    return { ...verdict, message: `${mirror.sourceTopic} doesn't exist on ${request.source.name}.` };
  if (there.internal) return { ...verdict, message: internalTopicMessage(mirror.sourceTopic) };
  const missing = missingMessage('SOURCE', request.source, there.name, lacking('SOURCE', there));
  if (missing !== null) return { ...verdict, message: missing };
  verdict.partitions = there.partitions.length;
  const all = placesOf(there)
    .map((at) => ends.get(`${at.topic}-${at.partition}`))
    .filter((found) => found !== undefined);
  const backlog = all.reduce((sum, e) => sum + e.lastStable - e.start, 0n);
  if (all.length === there.partitions.length) {
    verdict.headFill = String(all.reduce((sum, e) => sum + e.start, 0n));
    verdict.backlog = String(backlog);
  }
  const refusal = refusalOf(mirror, there, seen);
  if (refusal !== null) return { ...verdict, message: refusal };
  const fills = seen.slow
    ? judgeSlowFills(seen.gaps.get(there.name) ?? null, backlog, seen.slow.measured, request.destination)
    : { ok: true, message: '' };
  const will = willHappen(mirror, there, seen);
  return { ...verdict, ok: fills.ok, message: [will, fills.message].filter(Boolean).join(' ') };
}

/** Why the destination can't take it; null when it can. */
function refusalOf(
  mirror: Wanted,
  there: TopicMetadata,
  { request, here, brokers, refused }: Seen,
): string | null {
  const fixed = Object.keys(mirror.options.configs).filter((name) =>
    (FIXED_WHILE_MIRRORING as readonly string[]).includes(name),
  );
  if (fixed.length > 0) return `${fixed.join(', ')} can't be chosen: mirroring itself sets it.`;
  const factor = mirror.options.replicationFactor;
  if (factor !== null && factor > brokers)
    return `Replication factor ${factor} needs ${factor} brokers, ${request.destination.name} has ${brokers}.`;
  const present = existing(mirror, here);
  if (present?.internal) return internalTopicMessage(mirror.topic);
  if (present && present.partitions.length > there.partitions.length)
    return `${mirror.topic} exists with ${present.partitions.length} partitions, the source has ${there.partitions.length}: a mirror has the same number.`;
  const operations = refused.get(mirror.topic) ?? [];
  const missing = present
    ? lacking('DESTINATION', present).filter((right) => right.vital)
    : [CREATE_RIGHT, ...TOPIC_RIGHTS.DESTINATION].filter(({ operation }) => operations.includes(operation));
  return missingMessage('DESTINATION', request.destination, mirror.topic, missing);
}

function willHappen(mirror: Wanted, there: TopicMetadata, { request, here }: Seen): string {
  const present = existing(mirror, here);
  if (!present)
    return `Will be created with ${there.partitions.length} partitions, replication factor ${mirror.options.replicationFactor ?? 'the default'}.`;
  const minor = missingMessage(
    'DESTINATION',
    request.destination,
    mirror.topic,
    lacking('DESTINATION', present),
  );
  return [
    `${mirror.topic} exists: it is taken over if it is empty or an exact prefix of the source, which is read to find out, and refused otherwise.`,
    minor,
  ]
    .filter(Boolean)
    .join(' ');
}

function existing(mirror: Wanted, here: Topics): TopicMetadata | null {
  const found = here.get(mirror.topic);
  return found?.errorCode === 0 ? found : null;
}
