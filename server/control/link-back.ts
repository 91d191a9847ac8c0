/**
 * The way back of a link's mirrors: the link of the same name in the other direction and the mirrors on it, found or made. For
 * whoever turns mirrors round or brings them back. Knows the registered links and the store only; nothing is asked of Kafka.
 */
import { randomUUID } from 'node:crypto';
import { type LinkSettings, linkSettings } from '@/lib/contracts/link';
import type { Actor } from '@/server/access/actor';
import type { OpenEntry } from '@/server/access/audit';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import { insertLinkEvents } from '@/server/store/link-events';
import { insertLink, type StoredLink } from '@/server/store/links';
import { deleteMirror, insertMirrors, type StoredMirror } from '@/server/store/mirrors';
import { forgetRemoved } from '@/server/store/removed-mirrors';
import type { Executor } from '@/server/store/store';
import type { Catalog, CatalogLink } from './catalog';
import { findConflicts } from './conflicts';
import { reverseOf } from './directions';
import type { MirrorNames } from './link-checks';
import { eventOf, newMirror } from './link-operations';
import { clusterTarget, linkTarget } from './visible';

/** A mirror on the way back: names, and what is known of it beyond those. */
export type BackMirror = MirrorNames & Partial<Omit<StoredMirror, 'linkId' | 'topic' | 'sourceTopic'>>;

export type LinkBack = {
  link: StoredLink;
  isNew: boolean;
  /** Topics whose mirrors were put on it now; the others were there. */
  added: string[];
};

/** What the mirror is called on the way back: the topic of the source, fed by that of the destination. */
export const backNames = ({ topic, sourceTopic }: MirrorNames): MirrorNames => ({
  topic: sourceTopic,
  sourceTopic: topic,
});

/** Null where it is to be made. */
export const findLinkBack = (link: StoredLink, links: readonly CatalogLink[]): CatalogLink | null =>
  reverseOf(link, links);

/**
 * A role on the one direction is none on the other: what is made or fed there must be in the hands of the one who asks.
 * @throws LandbridgeError FORBIDDEN
 */
export function authoriseBack(catalog: Catalog, actor: Actor, link: CatalogLink): void {
  const back = findLinkBack(link, catalog.links);
  if (back) authorise(actor, 'operator', linkTarget(back));
  else
    for (const cluster of [link.source, link.destination])
      authorise(actor, 'operator', clusterTarget(cluster));
}

/**
 * Whether the mirrors can stand on the way back, from the registered links alone. The mirrors that are turned feed nothing any more by then.
 * @throws LandbridgeError LINK_EXISTS, MIRROR_TOPIC_TAKEN or MIRROR_CYCLE
 */
export function requireWayBack(
  { links, deletions }: Pick<Catalog, 'links' | 'deletions'>,
  link: CatalogLink,
  mirrors: readonly MirrorNames[],
): void {
  const back = findLinkBack(link, links);
  const taken = links.find(
    (other) =>
      other.name === link.name &&
      other.id !== back?.id &&
      (other.destination === link.source || other.destinationClusterId === link.sourceClusterId),
  );
  if (taken)
    throw new LandbridgeError(
      'LINK_EXISTS',
      `The link back would be called "${link.name}" on "${link.source}", where another link has that name already. Delete that one, or mirror "${link.source}" by a link of another name.`,
    );
  const turned = new Set(mirrors.map(({ sourceTopic }) => sourceTopic));
  const standing = links.map((other) => ({
    ...other,
    mirrors: [...other.mirrors.values()].filter(
      (mirror) => !(other.id === link.id && turned.has(mirror.topic)),
    ),
  }));
  const wanted = mirrors.filter((name) => !isFed(back, name));
  const ends = {
    sourceClusterId: link.destinationClusterId,
    destinationClusterId: link.sourceClusterId,
  };
  const [conflict] = findConflicts(
    wanted.map((name) => ({ ...ends, topic: name.topic, sourceTopic: name.sourceTopic })),
    standing,
    deletions,
  );
  if (conflict) throw new LandbridgeError(conflict.code, conflict.message);
}

/**
 * Puts the mirrors on the link back, and makes that first where there is none: once, however often it is asked. A mirror that
 * was stopped there gives way to the new one; what is under way there stays as it is. To be called inside `Changes`, whose catalog
 * holds every earlier change.
 * @throws LandbridgeError as `requireWayBack` does
 */
export async function writeLinkBack(
  trx: Executor,
  catalog: Catalog,
  by: { actor: Actor; entry: OpenEntry },
  link: CatalogLink,
  mirrors: readonly BackMirror[],
): Promise<LinkBack> {
  requireWayBack(catalog, link, mirrors);
  const now = Date.now();
  const there = findLinkBack(link, catalog.links);
  const back = there ?? newLinkBack(link, now);
  if (!there) {
    await insertLink(trx, back);
    const said = `${back.source} → ${back.destination}, the way back of "${link.name}" to "${link.destination}"`;
    await insertLinkEvents(trx, [eventOf(by.actor, by.entry, back.id, 'CREATED', said)]);
  }
  const wanted = mirrors.filter((name) => !isFed(there, name));
  for (const { topic } of wanted)
    if (there?.mirrors.get(topic)?.stopped) await deleteMirror(trx, back.id, topic);
  await forgetRemoved(
    trx,
    back.id,
    wanted.map(({ sourceTopic }) => sourceTopic),
  );
  await insertMirrors(
    trx,
    wanted.map((mirror) => ({ ...newMirror(back.id, mirror, ordinary, now), ...mirror })),
  );
  const said = `Mirror topic added: the way back of link "${link.name}" to "${link.destination}".`;
  await insertLinkEvents(
    trx,
    wanted.map(({ topic }) => eventOf(by.actor, by.entry, back.id, 'CREATED', said, topic)),
  );
  return { link: back, isNew: !there, added: wanted.map(({ topic }) => topic) };
}

const ordinary = { replicationFactor: null, configs: {} };

function isFed(back: CatalogLink | null, { topic, sourceTopic }: MirrorNames): boolean {
  const mirror = back?.mirrors.get(topic);
  return mirror !== undefined && mirror.stopped === null && mirror.sourceTopic === sourceTopic;
}

const newLinkBack = (link: CatalogLink, nowMs: number): StoredLink => ({
  id: randomUUID(),
  name: link.name,
  source: link.destination,
  destination: link.source,
  sourceClusterId: link.destinationClusterId,
  destinationClusterId: link.sourceClusterId,
  settings: settingsBack(link.settings),
  cleanStopEpoch: null,
  createdAtMs: nowMs,
});

/**
 * The settings of the way back. Names there are the old ones, so there is no prefix, and groups that carry one stay where they are. No mirrors
 * come by themselves: filters name topics of the other cluster, and a rack is one of its. ACLs are brought over only where an administrator says so.
 */
export function settingsBack(settings: LinkSettings): LinkSettings {
  const defaults = linkSettings.parse({});
  const own = [
    'cluster.link.paused',
    'cluster.link.prefix',
    'client.rack',
    'auto.create.mirror.topics.enable',
    'auto.create.mirror.topics.filters',
    'acl.sync.enable',
    'acl.filters',
    'acl.principal.map',
    'consumer.group.prefix.enable',
    ...(settings['consumer.group.prefix.enable']
      ? (['consumer.offset.sync.enable', 'consumer.offset.group.filters'] as const)
      : []),
  ] as const;
  return { ...settings, ...Object.fromEntries(own.map((key) => [key, defaults[key]])) };
}
