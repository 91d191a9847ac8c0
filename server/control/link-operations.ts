// What the operations on links and on mirrors share: what they work with, how they name their target, and the rows they write.
import { type Actor, actorName } from '@/server/access/actor';
import type { ApprovalGuard } from '@/server/access/approval-guard';
import type { AuditPort, AuditTarget, OpenEntry } from '@/server/access/audit';
import type { EnginePort } from '@/server/engine-port';
import type { NewLinkEvent } from '@/server/store/link-events';
import type { StoredMirror } from '@/server/store/mirrors';
import type { Catalog } from './catalog';
import type { Changes } from './changes';
import type { ClusterProber } from './cluster-prober';
import type { MirrorNames, MirrorOptions } from './link-checks';
import type { LinkViews } from './link-views';

export type LinkDeps = {
  catalog: Catalog;
  changes: Changes;
  prober: ClusterProber;
  engine: EnginePort;
  audit: AuditPort;
  approvalGuard: ApprovalGuard;
  views: LinkViews;
};

/** A link's address, and a mirror's. */
export type LinkPath = { destination: string; name: string };
export type MirrorPath = LinkPath & { topic: string };

type LinkNames = { name: string; source: string; destination: string };

/** What an audit entry says it acts on, seen by whoever may see the link. */
export const targetOf = ({ name, source, destination }: LinkNames): AuditTarget => ({
  type: 'link',
  name: `${name} (${source} → ${destination})`,
  scope: { kind: 'link', name, source, destination },
});

export const clusterTargetOf = (cluster: string): AuditTarget => ({
  type: 'cluster',
  name: cluster,
  scope: { kind: 'cluster', cluster },
});

export const mirrorTargetOf = (link: LinkNames, topic: string): AuditTarget => ({
  ...targetOf(link),
  type: 'mirror',
  name: `${topic} of ${targetOf(link).name}`,
});

/** What a person did, for the timeline, with the audit entry that says more. */
export function eventOf(
  actor: Actor,
  { operationId }: OpenEntry,
  linkId: string,
  to: string,
  message: string,
  topic: string | null = null,
): NewLinkEvent {
  const at = Date.now();
  return {
    linkId,
    at,
    topic,
    partition: null,
    from: null,
    to,
    message,
    actor: actorName(actor),
    operationId,
  };
}

export function newMirror(
  linkId: string,
  name: MirrorNames,
  options: MirrorOptions,
  nowMs: number,
): StoredMirror {
  return {
    linkId,
    ...name,
    options,
    paused: false,
    sourceTopicId: null,
    starts: null,
    created: false,
    consistentAt: null,
    advice: null,
    stopped: null,
    createdAtMs: nowMs,
  };
}

/**
 * What a deletion leaves on the destination.
 * @param stopped how many of them were promoted or failed over before: those have configs of their own
 */
export function leftBehind(destination: string, count: number, stopped = 0): string {
  if (count === 0) return `The link had no mirror topics; nothing is left on "${destination}".`;
  const mirrors = count - stopped;
  if (mirrors === 0) {
    const [subject, verb] = count === 1 ? ['The topic', 'stays'] : [`The ${count} topics`, 'stay'];
    return `${subject} ${verb} on "${destination}" as ${count === 1 ? 'it is' : 'they are'}; what the link knows of ${count === 1 ? 'it' : 'them'} is forgotten.`;
  }
  const [subject, verb] = count === 1 ? ['The topic', 'stays'] : [`The ${count} topics`, 'stay'];
  const whose =
    stopped === 0 ? 'Topic configs are' : `Configs of ${mirrors} of them, which still mirrored, are`;
  return (
    `${subject} ${verb} on "${destination}" with all records mirrored so far, as ordinary writable topics. ` +
    `${whose} still those of a mirror (unlimited retention) until you set others.`
  );
}
