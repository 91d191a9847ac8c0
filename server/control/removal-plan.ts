// What taking mirrors off a link would do with their topics on the destination, and whether it can be done. Asks Kafka only where
// topics are to be deleted; changes nothing.
import type { RemovalPlan, TopicsChoice } from '@/lib/contracts/removal';
import type { Actor } from '@/server/access/actor';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import type { CatalogLink, CatalogMirror } from './catalog';
import type { LinkDeps } from './link-operations';
import { requireNoOperation } from './operation-plan';
import type { Unfinished } from './topic-deletions';
import { Visible } from './visible';

const NAMED = 5;

export class PlannedRemoval {
  readonly rows: RemovalPlan[];
  /** Of what is deleted, by name. */
  readonly topicIds: ReadonlyMap<string, string>;
  readonly #destination: string;
  readonly #warnings: readonly string[];

  constructor(
    destination: string,
    rows: RemovalPlan[],
    topicIds: Map<string, string>,
    warnings: readonly string[],
  ) {
    this.rows = rows;
    this.topicIds = topicIds;
    this.#destination = destination;
    this.#warnings = warnings;
  }

  of(fate: RemovalPlan['fate']): string[] {
    return this.rows.filter((row) => row.ok && row.fate === fate).map(({ topic }) => topic);
  }
  /** Taken off the link. */
  get taken(): string[] {
    return this.rows.filter(({ ok }) => ok).map(({ topic }) => topic);
  }
  /** For a second person to confirm: to delete topics is another thing than to keep them. */
  get input(): { deletedTopics?: string[] } {
    const deletedTopics = this.of('DELETED').toSorted();
    return deletedTopics.length > 0 ? { deletedTopics } : {};
  }

  /** @throws LandbridgeError MIRROR_STATE */
  requireAll(): void {
    const refused = this.rows.filter(({ ok }) => !ok);
    const [first] = refused;
    if (!first) return;
    const others = refused.length === 1 ? '' : ` ${refused.length - 1} more cannot be deleted either.`;
    throw new LandbridgeError('MIRROR_STATE', `${first.message}${others} Nothing was changed.`, {
      fields: Object.fromEntries(refused.map(({ topic, message }) => [topic, message])),
    });
  }

  /**
   * Judged again right before the write: while the brokers were asked, a mirror may have been promoted or failed over.
   * @throws LandbridgeError MIRROR_STATE
   */
  requireStillMirrors(current: Iterable<CatalogMirror>): void {
    for (const { topic, stopped } of current)
      if (stopped !== null && this.topicIds.has(topic))
        throw new LandbridgeError(
          'MIRROR_STATE',
          `"${topic}" was stopped in this moment and is an ordinary topic now. It is not deleted; look again, and ask again.`,
        );
  }

  /** @param kept what is said of those that stay */
  text(kept: string): string {
    const [deleted, absent] = [this.of('DELETED'), this.of('ABSENT')];
    const gone =
      deleted.length > 0
        ? `${counted(deleted.length)} of "${this.#destination}" ${deleted.length === 1 ? 'is' : 'are'} deleted for good, with all records: ${listed(deleted)}.`
        : '';
    const nothing =
      absent.length > 0
        ? `Nothing of ${listed(absent)} is on "${this.#destination}": there is nothing to delete.`
        : '';
    const stays = deleted.length + absent.length > 0 && this.of('KEPT').length === 0 ? '' : kept;
    return [gone, nothing, stays, ...this.#warnings].filter(Boolean).join(' ');
  }
}

/** @param whole the whole link goes: what cannot be deleted because it is an ordinary topic by now stays */
export async function planRemoval(
  { catalog, engine }: Pick<LinkDeps, 'catalog' | 'engine'>,
  actor: Actor,
  link: CatalogLink,
  topics: readonly string[],
  choice: TopicsChoice,
  whole: boolean,
): Promise<PlannedRemoval> {
  const rows = topics.map((topic) => firstJudgement(link, topic, choice, whole));
  const wanted = rows.filter(({ ok, fate }) => ok && fate === 'DELETED').map(({ topic }) => topic);
  const topicIds = new Map<string, string>();
  if (wanted.length === 0) return new PlannedRemoval(link.destination, rows, topicIds, []);
  const { config: cluster } = catalog.cluster(link.destination);
  const asked = { linkId: link.id, cluster, clusterId: link.destinationClusterId };
  const named = wanted.map((topic) => ({
    topic,
    mirroredId: link.mirrors.get(topic)?.destinationTopicId ?? null,
  }));
  const looks = await engine.request({ op: 'lookAtTopics', ...asked, topics: named });
  const byTopic = new Map(looks.map((look) => [look.topic, look]));
  const judged = rows.map((row): RemovalPlan => {
    if (!row.ok || row.fate !== 'DELETED') return row;
    const look = byTopic.get(row.topic);
    if (!look) return { ...row, ok: false, fate: null, message: `Nobody has looked at ${row.topic}.` };
    if (look.refusal !== null) return { ...row, ok: false, fate: null, message: look.refusal };
    if (look.topicId === null)
      return { ...row, fate: 'ABSENT', message: 'It is gone from the destination already.' };
    topicIds.set(row.topic, look.topicId);
    return row;
  });
  const warnings = mirroredOn(catalog.links, new Visible(catalog, actor), link, [...topicIds.keys()]);
  return new PlannedRemoval(link.destination, judged, topicIds, warnings);
}

function firstJudgement(link: CatalogLink, topic: string, choice: TopicsChoice, whole: boolean): RemovalPlan {
  const no = (message: string): RemovalPlan => ({ topic, ok: false, fate: null, message });
  const mirror = link.mirrors.get(topic);
  if (!mirror) return no(`Link "${link.name}" has no mirror topic "${topic}".`);
  const operation = operationRefusal(mirror);
  if (operation !== null) return no(operation);
  if (choice === 'keep' || (mirror.stopped !== null && whole))
    return { topic, ok: true, fate: 'KEPT', message: 'Its topic stays, as an ordinary one.' };
  if (mirror.stopped !== null)
    return no(
      `"${topic}" is STOPPED, an ordinary topic that others may use: only topics that are still mirrors are deleted from here. Take it off the link, and delete the topic with kafka-topics.sh.`,
    );
  if (!mirror.created)
    return { topic, ok: true, fate: 'ABSENT', message: 'Nothing of it was created on the destination.' };
  return { topic, ok: true, fate: 'DELETED', message: 'Its topic is deleted, with all records.' };
}

function operationRefusal(mirror: CatalogMirror): string | null {
  try {
    requireNoOperation([mirror]);
    return null;
  } catch (error) {
    if (isLandbridgeError(error)) return error.message;
    throw error;
  }
}

/** Others may mirror on what is deleted. */
function mirroredOn(
  links: readonly CatalogLink[],
  visible: Visible,
  { destinationClusterId }: CatalogLink,
  deleted: readonly string[],
): string[] {
  const gone = new Set(deleted);
  return links
    .filter((other) => other.sourceClusterId === destinationClusterId)
    .flatMap((other) => {
      const theirs = [...other.mirrors.values()].filter(
        ({ sourceTopic, stopped }) => stopped === null && gone.has(sourceTopic),
      );
      if (theirs.length === 0) return [];
      const who = visible.sees(other) ? `Link "${other.name}" to "${other.destination}"` : 'Another link';
      const names = listed(theirs.map(({ sourceTopic }) => sourceTopic));
      return [`${who} mirrors ${names} from here: its mirrors keep what they have, and fail.`];
    });
}

/** @throws LandbridgeError INVALID_REQUEST where topics are deleted and the name was not typed */
export function requireConfirmed(plan: PlannedRemoval, typed: string | undefined, name: string): void {
  if (plan.topicIds.size === 0 || typed === name) return;
  throw new LandbridgeError(
    'INVALID_REQUEST',
    `Topics and all their records would be deleted for good. Confirm it: confirm must be ${name}.`,
    { fields: { confirm: `Type ${name}.` } },
  );
}

export function unfinishedText({ refused, pending }: Unfinished): string {
  const kept =
    refused.length > 0
      ? ` Not deleted, and kept as ordinary topics: ${refused.slice(0, NAMED).join(' ')}${more(refused.length)}`
      : '';
  const later =
    pending.length > 0
      ? ` ${counted(pending.length)} ${pending.length === 1 ? 'is' : 'are'} still being deleted, which goes on by itself: ${pending.slice(0, NAMED).join('; ')}${more(pending.length)}.`
      : '';
  return kept + later;
}

const counted = (count: number) => (count === 1 ? 'The topic' : `${count} topics`);
const more = (count: number) => (count > NAMED ? `; and ${count - NAMED} more` : '');
const listed = (names: readonly string[]) => names.slice(0, NAMED).join(', ') + more(names.length);
