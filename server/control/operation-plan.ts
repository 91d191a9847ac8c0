// What a promote, failover or reverse of one mirror would do, and whether it can be done: worked out from the catalog and the newest frame. Pure; nothing is asked of Kafka.
import type { OperationKind, OperationOptions, OperationPlan } from '@/lib/contracts/operation';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import type { Frame } from '@/server/metrics/frame';
import type { CatalogLink, CatalogMirror } from './catalog';
import type { MirrorFact } from './mirror-facts';

export const kindWords = {
  PROMOTE: { verb: 'promote', doing: 'promoted', noun: 'promote' },
  FAILOVER: { verb: 'fail over', doing: 'failed over', noun: 'failover' },
  RESEED: { verb: 're-seed', doing: 're-seeded', noun: 're-seed' },
  FAILBACK: { verb: 'fail back', doing: 'failed back', noun: 'failback' },
  REVERSE: { verb: 'reverse', doing: 'reversed', noun: 'reverse' },
} as const;

export type PlanFacts = {
  link: CatalogLink;
  mirror: CatalogMirror;
  fact: MirrorFact;
  frame: Frame | null;
  /** Of a reverse. */
  wayBack?: WayBack;
};
export type WayBack = {
  /** The link back is there already. */
  there: boolean;
  /** Why it can't be turned, by the registered links or the clusters; null when nothing is in the way. */
  obstacle: LandbridgeError | null;
  /** Other links that mirror from the source topic, as far as they may be named. */
  readers: string[];
};

export function planOf(facts: PlanFacts, kind: OperationKind, options: OperationOptions): OperationPlan {
  const { link, mirror, fact, frame } = facts;
  const blocked = blockedOffsets(link.id, mirror.topic, frame);
  const known = {
    topic: mirror.topic,
    partitions: fact.partitions,
    lagMessages: fact.lag.messages === null ? null : String(fact.lag.messages),
    blocked: blocked === null ? null : String(blocked),
    sourceSeenAt: fact.lag.messages !== null ? (frame?.at ?? null) : (mirror.advice?.at ?? null),
    configs: { ...shownConfigs(mirror), ...mirror.options.configs, ...options.configs },
    operationId: null,
  };
  try {
    requireStartable(link, mirror, fact, kind);
    if (facts.wayBack?.obstacle) throw facts.wayBack.obstacle;
  } catch (error) {
    if (!isLandbridgeError(error)) throw error;
    return { ...known, ok: false, code: error.code, message: error.message, warnings: [] };
  }
  const warnings = warningsOf(facts, kind, options, blocked);
  return { ...known, ok: true, code: null, message: consequence(facts, kind), warnings };
}

/** @throws LandbridgeError MIRROR_STATE with what must be done first */
export function requireStartable(
  link: CatalogLink,
  mirror: CatalogMirror,
  fact: MirrorFact,
  kind: OperationKind,
): void {
  const { topic } = mirror;
  const { doing } = kindWords[kind];
  requireMirroring(mirror);
  if (!mirror.created)
    throw refused(
      `Nothing of "${topic}" is on "${link.destination}" yet. Wait until it mirrors, or take the mirror off the link.`,
    );
  if (kind === 'FAILOVER') return;
  if (mirror.paused || link.settings['cluster.link.paused'])
    throw refused(
      `"${topic}" is paused${mirror.paused ? '' : ' with its link'}, so it cannot be ${doing}: resume it first, or fail over to stop it where it is.`,
    );
  if (fact.state === 'FAILED')
    throw refused(
      `"${topic}" has failed: ${fact.message ?? fact.error} It cannot be ${doing}; mend it, or fail over to stop it as it is.`,
    );
  if (fact.state === 'SOURCE_UNAVAILABLE')
    throw refused(
      `The source of "${topic}" does not answer, and a ${kindWords[kind].noun} needs it. Fail over, or wait until it is back.`,
    );
  if (fact.state === 'LINK_FAILED')
    throw refused(`The link of "${topic}" must be mended first: ${fact.message ?? 'it has failed.'}`);
}

/** @throws LandbridgeError MIRROR_STATE when it was stopped, or is being stopped */
export function requireMirroring({ topic, stopped, operation }: CatalogMirror): void {
  if (stopped !== null)
    throw refused(
      `"${topic}" was ${kindWords[stopped.how].doing} at ${new Date(stopped.at).toISOString()}: it is STOPPED, an ordinary topic.`,
    );
  if (operation !== null) {
    const { noun } = kindWords[operation.kind];
    throw refused(
      `A ${noun} of "${topic}" is under way since ${new Date(operation.startedAtMs).toISOString()}. Wait for its end, or take it back if it still can be.`,
    );
  }
}

/** @throws LandbridgeError MIRROR_STATE: whoever is between two roles is not taken off */
export function requireNoOperation(mirrors: Iterable<CatalogMirror>): void {
  for (const mirror of mirrors) if (mirror.operation !== null) requireMirroring(mirror);
}

const refused = (message: string) => new LandbridgeError('MIRROR_STATE', message);

function consequence({ link, mirror, wayBack }: PlanFacts, kind: OperationKind): string {
  const { topic, sourceTopic } = mirror;
  if (kind === 'REVERSE')
    return `Waits until "${topic}" holds all that its source has, then it becomes an ordinary topic of "${link.destination}", and "${sourceTopic}" of "${link.source}" its mirror, without a copy: on link "${link.name}" from "${link.destination}" to "${link.source}", which ${wayBack?.there ? 'is there already' : 'is made'}.`;
  return kind === 'PROMOTE'
    ? `Waits until "${topic}" holds all that its source has and the source is quiet, then it becomes an ordinary topic of "${link.destination}". Stop its producers at the source.`
    : `"${topic}" becomes an ordinary topic of "${link.destination}" at once, with what it holds now. The source is not asked.`;
}

function warningsOf(
  { link, mirror, fact, wayBack }: PlanFacts,
  kind: OperationKind,
  options: OperationOptions,
  blocked: bigint | null,
): string[] {
  const warnings: string[] = [];
  const lag = fact.lag.messages;
  if (kind === 'FAILOVER') {
    if (fact.state === 'ACTIVE' && !link.settings['cluster.link.paused'])
      warnings.push('The source answers: a promote would lose nothing.');
    if (lag === null) warnings.push('How far it is behind is not known.');
    else if (lag > 0n) warnings.push(`It is ${lag} offsets behind: these are lost with the source.`);
    warnings.push('Transactions may be cut between partitions.');
    if (options.force)
      warnings.push('Partitions that are offline on the destination get no fence; the statement names them.');
    if (fact.state === 'FAILED') warnings.push(`It had failed: ${fact.message ?? fact.error}`);
  } else {
    if (kind === 'REVERSE') warnings.push(...reverseWarnings(link, mirror, options, wayBack));
    if (kind === 'PROMOTE' && options.fenceSource)
      warnings.push(
        `Nobody can write to "${mirror.sourceTopic}" on "${link.source}" from the first steps on, also afterwards, until the fence is lifted (Access).`,
      );
    if (lag !== null && lag > 0n) warnings.push(`It is ${lag} offsets behind and catches up first.`);
    if (fact.state === 'PENDING_MIRROR') warnings.push('It is still being set up: that is waited for.');
    if (blocked !== null && blocked > 0n) warnings.push(openWarning(blocked, options));
    else if (options.openTransactions === 'leave')
      warnings.push('Everything behind the first open transaction of a partition is left behind.');
  }
  if (mirror.advice === null)
    warnings.push('The source’s configs are not known: retention stays unlimited until somebody sets it.');
  return warnings;
}

function reverseWarnings(
  link: CatalogLink,
  { sourceTopic }: CatalogMirror,
  options: OperationOptions,
  wayBack: WayBack | undefined,
): string[] {
  const warnings = [
    options.sourceFence === 'acl'
      ? `Nobody can write to "${sourceTopic}" on "${link.source}" from the first steps on; its producers get errors until they go to "${link.destination}".`
      : `"${sourceTopic}" on "${link.source}" is not fenced: who writes there meanwhile is found, and then there is no way back without a copy.`,
  ];
  if (wayBack && wayBack.readers.length > 0)
    warnings.push(
      `Mirrored from "${sourceTopic}" on "${link.source}", too: ${wayBack.readers.join(', ')}. They go on, and get everything from there once it has come back.`,
    );
  if (link.settings['consumer.offset.sync.enable'] && link.settings['consumer.group.prefix.enable'])
    warnings.push('Consumer groups carry a prefix here: their offsets are not synced on the way back.');
  return warnings;
}

function openWarning(blocked: bigint, { openTransactions }: OperationOptions): string {
  const held = `Open transactions at the source hold back ${blocked} offsets`;
  if (openTransactions === 'wait') return `${held}: it waits until they end.`;
  if (openTransactions === 'abort') return `${held}: they are aborted there, and their producers fail.`;
  return `${held}: all of these are left behind, also what others wrote behind the first record of such a transaction.`;
}

function blockedOffsets(linkId: string, topic: string, frame: Frame | null): bigint | null {
  const mirror = frame?.links.get(linkId)?.mirrors.get(topic)?.mirror;
  if (!frame || !mirror) return null;
  let sum = 0n;
  for (let index = mirror.first; index < mirror.first + mirror.partitions; index++) {
    const [high, stable] = [frame.columns.sourceHighWatermark[index], frame.columns.sourceLastStable[index]];
    if (high === undefined || stable === undefined || high < 0n || stable < 0n) return null;
    if (high > stable) sum += high - stable;
  }
  return sum;
}

/** Which timestamp limits are set depends on the destination's version; the engine knows it. */
function shownConfigs({ advice }: CatalogMirror): Record<string, string> {
  return Object.fromEntries(
    Object.entries(advice?.configs ?? {}).filter(([name]) => !/^message\.timestamp\..*\.ms$/.test(name)),
  );
}
