// What must hold before a link or a mirror is created: asked of Kafka through the engine, and of the registered links. Changes nothing in the store.

import type { z } from 'zod';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { LinkCheck, MirrorVerdict } from '@/lib/contracts/engine';
import type { MirrorWish, mirrorOptions } from '@/lib/contracts/link';
import { mirrorNameOf, TOPIC_NAME_AT_MOST } from '@/lib/mirror-name';
import type { EnginePort } from '@/server/engine-port';
import { LandbridgeError } from '@/server/errors';
import type { Catalog } from './catalog';
import { type Edge, findConflicts } from './conflicts';
import type { Visible } from './visible';

export type Ends = { source: ClusterConfig; destination: ClusterConfig };
export type EndIds = { sourceClusterId: string; destinationClusterId: string };
export type MirrorOptions = z.infer<typeof mirrorOptions>;
export type MirrorNames = { topic: string; sourceTopic: string };

/**
 * Each once: named as given, or as the link's prefix has it.
 * @throws LandbridgeError INVALID_REQUEST for names that Kafka does not take
 */
export function namesOf(wishes: readonly MirrorWish[], prefix: string): MirrorNames[] {
  const names = new Map<string, MirrorNames>();
  for (const wish of wishes) {
    const name =
      typeof wish === 'string' ? { topic: mirrorNameOf(prefix, wish), sourceTopic: wish } : { ...wish };
    const same = names.get(name.topic);
    if (same && same.sourceTopic !== name.sourceTopic) {
      throw new LandbridgeError(
        'INVALID_REQUEST',
        `Topics "${same.sourceTopic}" and "${name.sourceTopic}" cannot both be mirrored as "${name.topic}".`,
      );
    }
    if (name.topic.length > TOPIC_NAME_AT_MOST) {
      throw new LandbridgeError(
        'INVALID_REQUEST',
        `"${name.topic}" has ${name.topic.length} characters; a topic name has at most ${TOPIC_NAME_AT_MOST}. Give the mirror another name.`,
      );
    }
    names.set(name.topic, name);
  }
  return [...names.values()];
}

/** @throws LandbridgeError LINK_CHECK_FAILED naming end and stage, or SAME_CLUSTER */
export function requirePassed(check: LinkCheck, ends: Ends): EndIds {
  const failed =
    firstFailure('Source', ends.source.name, check.source) ??
    firstFailure('Destination', ends.destination.name, check.destination);
  if (failed) throw new LandbridgeError('LINK_CHECK_FAILED', failed);
  const { sourceClusterId, destinationClusterId } = check;
  if (!check.ok || sourceClusterId === null || destinationClusterId === null) {
    throw new LandbridgeError(
      'LINK_CHECK_FAILED',
      `The checks of both clusters did not pass (${check.error}), or one of them reports no cluster id. Run them again.`,
    );
  }
  refuseSameCluster(ends, { sourceClusterId, destinationClusterId });
  return { sourceClusterId, destinationClusterId };
}

export function refuseSameCluster(ends: Ends, ids: EndIds): void {
  if (ids.sourceClusterId !== ids.destinationClusterId) return;
  throw new LandbridgeError(
    'SAME_CLUSTER',
    `"${ends.source.name}" and "${ends.destination.name}" are the same Kafka cluster (id ${ids.sourceClusterId}). A link needs two.`,
  );
}

/** All there is, whoever may see it. */
type Registered = Pick<Catalog, 'links' | 'deletions'>;

/** One verdict per topic, from the registered links first and from Kafka for the rest. */
export async function judgeMirrors(
  engine: EnginePort,
  registered: Registered,
  visible: Visible,
  ends: Ends & EndIds,
  names: readonly MirrorNames[],
  options: MirrorOptions,
  linkName?: string,
): Promise<MirrorVerdict[]> {
  const conflicts = conflictsOf(registered, visible, ends, names);
  const free = names.filter(({ topic }) => !conflicts.has(topic));
  const answers =
    free.length === 0
      ? []
      : await engine.request({
          op: 'checkMirrors',
          ...(linkName === undefined ? {} : { name: linkName }),
          source: ends.source,
          destination: ends.destination,
          mirrors: free.map((name) => ({ ...name, options })),
        });
  const byTopic = new Map(answers.map((answer) => [answer.topic, answer]));
  return names.map((name) => {
    const conflict = conflicts.get(name.topic);
    if (conflict) return refused(name, conflict.message);
    return (
      byTopic.get(name.topic) ?? refused(name, 'The engine gave no verdict for it. Run the check again.')
    );
  });
}

/** @throws LandbridgeError when another change has taken a topic, or closed a circle, since the topics were judged */
export function requireNoConflicts(
  registered: Registered,
  visible: Visible,
  ids: EndIds,
  names: readonly MirrorNames[],
): void {
  const conflict = [...conflictsOf(registered, visible, ids, names).values()][0];
  if (conflict) throw new LandbridgeError(conflict.code, conflict.message);
}

/** @throws LandbridgeError MIRROR_REFUSED with the reason per topic */
export function requireAccepted(verdicts: readonly MirrorVerdict[]): void {
  const refusals = verdicts.filter((verdict) => !verdict.ok);
  const first = refusals[0];
  if (!first) return;
  const others = refusals.length === 1 ? '' : ` ${refusals.length - 1} more cannot either.`;
  throw new LandbridgeError(
    'MIRROR_REFUSED',
    `Topic "${first.topic}" cannot be mirrored: ${first.message}${others} Nothing was created.`,
    { fields: Object.fromEntries(refusals.map((verdict) => [verdict.topic, verdict.message])) },
  );
}

/** All links count, whoever asks: a circle is one. Those that cannot be seen are not named. */
function conflictsOf(registered: Registered, visible: Visible, ids: EndIds, names: readonly MirrorNames[]) {
  const wanted = names.map((name): Edge => ({ ...pickIds(ids), ...name }));
  const existing = registered.links.map((link) => ({
    ...link,
    name: visible.sees(link) ? link.name : null,
    mirrors: link.mirrors.values(),
  }));
  return new Map(
    findConflicts(wanted, existing, registered.deletions).map((conflict) => [conflict.topic, conflict]),
  );
}

const pickIds = ({ sourceClusterId, destinationClusterId }: EndIds): EndIds => ({
  sourceClusterId,
  destinationClusterId,
});

function refused(name: MirrorNames, message: string): MirrorVerdict {
  return { ...name, ok: false, message, partitions: null, headFill: null, backlog: null };
}

function firstFailure(end: string, cluster: string, checks: LinkCheck['source']): string | null {
  const failed = checks.find((check) => check.status === 'FAILED');
  return failed ? `${end} cluster "${cluster}", stage ${failed.stage}: ${failed.message}` : null;
}
