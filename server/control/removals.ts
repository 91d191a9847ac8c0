// Taking mirrors off their link, and deleting links. Topics stay as ordinary ones or are deleted, by choice; the store has it before
// anything is deleted, and what brokers do of it is carried out by topic-deletions.ts.
import type { z } from 'zod';
import type {
  linkDeleted,
  mirrorDeleted,
  mirrorsRemoved,
  RemovalPlan,
  TopicsChoice,
} from '@/lib/contracts/removal';
import { type Actor, actorName } from '@/server/access/actor';
import type { OpenEntry } from '@/server/access/audit';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import { insertLinkEvents } from '@/server/store/link-events';
import { deleteLink } from '@/server/store/links';
import { deleteMirror } from '@/server/store/mirrors';
import { rememberRemoved } from '@/server/store/removed-mirrors';
import { insertTopicDeletions, type TopicDeletion } from '@/server/store/topic-deletions';
import { type CatalogLink, linkNotFound } from './catalog';
import { chosenMirrors } from './chosen-mirrors';
import { guardedRequest, isGuarded } from './guarded-facts';
import {
  eventOf,
  type LinkDeps,
  type LinkPath,
  leftBehind,
  type MirrorPath,
  mirrorTargetOf,
  targetOf,
} from './link-operations';
import { requireNoOperation } from './operation-plan';
import { leftAclsText, releaseAcls, releasedText } from './released-acls';
import { type PlannedRemoval, planRemoval, requireConfirmed, unfinishedText } from './removal-plan';
import type { TopicDeletions } from './topic-deletions';
import { linkTarget, Visible } from './visible';

export type RemovalOptions = {
  validateOnly: boolean;
  topics?: TopicsChoice | undefined;
  /** As typed, where topics are deleted. */
  confirm?: string | undefined;
};
type Chosen = { names?: readonly string[] | undefined; pattern?: string | undefined };

export class Removals {
  readonly #deps: LinkDeps;
  readonly #deletions: TopicDeletions;

  constructor(deps: LinkDeps, deletions: TopicDeletions) {
    this.#deps = deps;
    this.#deletions = deletions;
  }

  /** The engine lets go of all mirrors; nothing that the link has added is left on the clusters, but what the answer names. */
  async link(actor: Actor, path: LinkPath, options: RemovalOptions): Promise<z.infer<typeof linkDeleted>> {
    const { validateOnly, topics = 'keep', confirm } = options;
    const link = this.#link(actor, path);
    requireNoOperation(link.mirrors.values());
    const plan = await planRemoval(this.#deps, actor, link, [...link.mirrors.keys()], topics, true);
    plan.requireAll();
    const answer = { topics: plan.of('KEPT'), deletedTopics: plan.of('DELETED') };
    const message = plan.text(
      leftBehind(link.destination, answer.topics.length, stoppedOf(link, answer.topics)),
    );
    if (validateOnly) return { deleted: false, ...answer, message: message + releasedText(link) };
    requireConfirmed(plan, confirm, link.name);
    const request = guardedRequest('delete', link, null, plan.input);
    const { approvalGuard, changes, catalog } = this.#deps;
    const approval = isGuarded(link, 'delete') ? await approvalGuard.require(actor, request) : undefined;
    plan.requireStillMirrors(catalog.link(path.destination, path.name).mirrors.values());
    const details = { ...answer, ...(approval ? { approval } : {}) };
    const operation = { actor, operation: 'delete link', target: targetOf(link), details };
    // On record before the first ACL is taken away: producers can write to a fenced source from then on, however this ends.
    const { left, operationId } = await this.#deps.audit.around(operation, async (entry) => {
      const aclsLeftBehind = await releaseAcls(this.#deps.engine, link, answer.deletedTopics);
      if (aclsLeftBehind.length > 0) entry.note({ details: { aclsLeftBehind } });
      await changes.inAudited(async (trx) => {
        // As it is now: the rule may have been set, or an operation begun, while this one waited for its turn.
        const current = catalog.link(path.destination, path.name);
        requireSame(current, link);
        requireNoOperation(current.mirrors.values());
        plan.requireStillMirrors(current.mirrors.values());
        if (isGuarded(current, 'delete')) await approvalGuard.use(trx, actor, request);
        await deleteLink(trx, link.id);
        await insertTopicDeletions(trx, deletionsOf(actor, entry, link, plan));
      });
      return { left: aclsLeftBehind, operationId: entry.operationId };
    });
    const rest = await this.#carryOut(operationId, answer.deletedTopics);
    return { deleted: true, ...answer, message: message + leftAclsText(left) + rest };
  }

  async mirror(
    actor: Actor,
    { topic, ...path }: MirrorPath,
    options: RemovalOptions,
  ): Promise<z.infer<typeof mirrorDeleted>> {
    const link = this.#link(actor, path);
    const { mirror } = new Visible(this.#deps.catalog, actor).mirror(path.destination, path.name, topic);
    requireNoOperation([mirror]);
    const plan = await planRemoval(this.#deps, actor, link, [topic], options.topics ?? 'keep', false);
    plan.requireAll();
    const kept = plan.of('KEPT').length > 0 ? leftBehind(link.destination, 1, stoppedOf(link, [topic])) : '';
    const message = plan.text(kept);
    if (options.validateOnly) return { deleted: false, topic, message };
    requireConfirmed(plan, options.confirm, topic);
    const rest = await this.#take(actor, link, plan, topic);
    return { deleted: true, topic, message: message + rest };
  }

  /** Those that cannot be taken off keep the others from nothing. */
  async mirrors(
    actor: Actor,
    path: LinkPath,
    chosen: Chosen,
    options: RemovalOptions,
  ): Promise<z.infer<typeof mirrorsRemoved>> {
    const link = this.#link(actor, path);
    const topics = chosenMirrors(link, chosen, 'pattern');
    const plan = await planRemoval(this.#deps, actor, link, topics, options.topics ?? 'keep', false);
    const kept = plan.of('KEPT');
    const message = plan.text(
      kept.length > 0 ? leftBehind(link.destination, kept.length, stoppedOf(link, kept)) : '',
    );
    const { rows: mirrors } = plan;
    if (options.validateOnly) return { removed: 0, message, mirrors };
    const possible = mirrors.filter(({ ok }) => ok);
    if (possible.length === 0) throw noneOf(mirrors);
    requireConfirmed(plan, options.confirm, link.name);
    const rest = await this.#take(actor, link, plan, null);
    return { removed: possible.length, message: message + rest, mirrors };
  }

  /** @param topic the only one that is meant; null: many */
  async #take(actor: Actor, link: CatalogLink, plan: PlannedRemoval, topic: string | null): Promise<string> {
    const { approvalGuard, catalog, changes } = this.#deps;
    const names = plan.taken;
    const input = topic === null ? { ...plan.input, mirrors: names.toSorted() } : plan.input;
    const request = guardedRequest('delete', link, topic, input);
    const approval = isGuarded(link, 'delete') ? await approvalGuard.require(actor, request) : undefined;
    const deleted = plan.of('DELETED');
    const operation = {
      actor,
      operation: topic === null ? 'remove mirrors' : 'remove mirror',
      target: topic === null ? targetOf(link) : mirrorTargetOf(link, topic),
      details: {
        ...(topic === null ? { topics: names } : {}),
        ...(deleted.length > 0 ? { deletedTopics: deleted } : {}),
        ...(approval ? { approval } : {}),
      },
    };
    const operationId = await changes.audited(operation, async (trx, entry) => {
      const current = names.map((name) => catalog.mirror(link.destination, link.name, name));
      for (const { link: now } of current) requireSame(now, link);
      requireNoOperation(current.map(({ mirror }) => mirror));
      plan.requireStillMirrors(current.map(({ mirror }) => mirror));
      if (current[0] && isGuarded(current[0].link, 'delete')) await approvalGuard.use(trx, actor, request);
      for (const name of names) await deleteMirror(trx, link.id, name);
      await rememberRemoved(
        trx,
        current.map(({ mirror: { linkId, topic, sourceTopic } }) => ({
          ...{ linkId, topic, sourceTopic, atMs: Date.now(), actor: actorName(actor) },
        })),
      );
      await insertTopicDeletions(trx, deletionsOf(actor, entry, link, plan));
      const said = (name: string) =>
        plan.topicIds.has(name)
          ? 'The mirror was taken off the link, and its topic is deleted.'
          : 'The mirror was taken off the link.';
      await insertLinkEvents(
        trx,
        names.map((name) => eventOf(actor, entry, link.id, 'REMOVED', said(name), name)),
      );
      return entry.operationId;
    });
    return this.#carryOut(operationId, deleted);
  }

  async #carryOut(operationId: string, deleted: readonly string[]): Promise<string> {
    return deleted.length === 0 ? '' : unfinishedText(await this.#deletions.carryOut(operationId));
  }

  #link(actor: Actor, path: LinkPath): CatalogLink {
    const link = new Visible(this.#deps.catalog, actor).link(path.destination, path.name);
    authorise(actor, 'approver', linkTarget(link));
    return link;
  }
}

const stoppedOf = ({ mirrors }: CatalogLink, topics: readonly string[]): number =>
  topics.filter((topic) => (mirrors.get(topic)?.stopped ?? null) !== null).length;

/** Brokers were asked meanwhile: a link that was made anew under the name is another one. */
function requireSame(now: CatalogLink, then: CatalogLink): void {
  if (now.id !== then.id) throw linkNotFound(then.destination, then.name);
}

function deletionsOf(
  actor: Actor,
  { operationId }: OpenEntry,
  link: CatalogLink,
  { topicIds }: PlannedRemoval,
): TopicDeletion[] {
  const asked = { actor: actorName(actor), auditOperationId: operationId, askedAtMs: Date.now() };
  const where = { cluster: link.destination, clusterId: link.destinationClusterId };
  return [...topicIds].map(([topic, topicId]) => ({
    ...{ ...where, topic, topicId, linkId: link.id, link: link.name },
    ...asked,
  }));
}

function noneOf(plans: readonly RemovalPlan[]): LandbridgeError {
  const [first] = plans;
  if (!first) return new LandbridgeError('MIRROR_NOT_FOUND', 'No mirror topic of this link matches.');
  const others = plans.length === 1 ? '' : ` ${plans.length - 1} more cannot be taken off either.`;
  return new LandbridgeError('MIRROR_STATE', `${first.message}${others}`, {
    fields: Object.fromEntries(plans.map(({ topic, message }) => [topic, message])),
  });
}
