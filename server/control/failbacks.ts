/**
 * Failing back what was failed over: where both sides part, what only the old one has, and the operation on the link in the other direction that mirrors
 * back. The engine compares, saves, deletes and mirrors; here it is judged, confirmed and stored.
 */
import { randomUUID } from 'node:crypto';
import type { FailbackAnswer, FailbackPlan, FailbackRequest } from '@/lib/contracts/failback';
import { type OperationStatement, operationOptions } from '@/lib/contracts/operation';
import { noWork, type PartingLook } from '@/lib/contracts/remake';
import { type Actor, actorName } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import { insertLinkEvents } from '@/server/store/link-events';
import { insertOperations, operationById, type StoredOperation } from '@/server/store/operations';
import type { Store } from '@/server/store/store';
import type { CatalogLink, CatalogMirror } from './catalog';
import { divergedRecords } from './diverged-records';
import { divergedName, failbackMessage, failbackWarnings } from './failback-words';
import { guardedRequest, needsSecondPerson } from './guarded-facts';
import { backNames, findLinkBack, requireWayBack, writeLinkBack } from './link-back';
import { eventOf, type LinkDeps, type MirrorPath, mirrorTargetOf } from './link-operations';
import { requireConfirmed } from './repairs';
import { linkTarget, Visible } from './visible';

type About = { link: CatalogLink; mirror: CatalogMirror };

export class Failbacks {
  readonly #deps: LinkDeps;
  readonly #store: Store;

  constructor(deps: LinkDeps, store: Store) {
    this.#deps = deps;
    this.#store = store;
  }

  /** Reads both sides. @throws LandbridgeError MIRROR_STATE for a mirror that was not stopped */
  async plan(actor: Actor, path: MirrorPath, options: FailbackRequest['options']): Promise<FailbackPlan> {
    const about = this.#about(actor, path);
    authorise(actor, 'operator', linkTarget(about.link));
    const { link, mirror } = about;
    requireStopped(about);
    requireWayBack(this.#deps.catalog, link, [backNames(mirror)]);
    const back = this.#wayBack(link);
    const parting = await this.#look(about);
    return {
      ...{ topic: mirror.topic, sourceTopic: mirror.sourceTopic, back, parting },
      message: failbackMessage(about, parting, back.exists),
      warnings: failbackWarnings(about, parting, findLinkBack(link, this.#deps.catalog.links), options),
    };
  }

  /** @throws LandbridgeError MIRROR_STATE, APPROVAL_NEEDED, and what keeps the way back from being there */
  async start(
    actor: Actor,
    path: MirrorPath,
    request: FailbackRequest,
    validateOnly: boolean,
  ): Promise<FailbackAnswer> {
    const about = this.#about(actor, path);
    const { link, mirror } = about;
    authorise(actor, 'approver', linkTarget(link));
    // What is deleted stands on the other side: a role on the one direction is none there.
    authorise(actor, 'approver', linkTarget(turned(link)));
    const plan = validateOnly ? await this.plan(actor, path, request.options) : null;
    const saveTo = request.options.save ? divergedName(mirror.topic, new Date()) : null;
    if (plan) return { plan, back: plan.back, operationId: null, saveTo };
    requireStopped(about);
    requireConfirmed(mirror.sourceTopic, request);
    if (actor.kind === 'person' && request.reason === null)
      throw new LandbridgeError('INVALID_REQUEST', 'Say why you fail back.', {
        fields: {
          reason: 'Say why in at least 10 characters: it is what others will read in the audit log.',
        },
      });
    const operationId = await this.#begin(actor, path, about, { ...request, saveTo });
    return { plan: null, back: this.#wayBack(link), operationId, saveTo };
  }

  async #begin(
    actor: Actor,
    path: MirrorPath,
    { link, mirror }: About,
    request: FailbackRequest & { saveTo: string | null },
  ): Promise<string> {
    const { approvalGuard, changes, catalog } = this.#deps;
    const { options, reason, saveTo } = request;
    const topicId = request.topicId ?? null;
    const guarded = guardedRequest('failback', link, mirror.topic, { options, topicId });
    const approval = needsSecondPerson(link, 'failback')
      ? await approvalGuard.require(actor, guarded)
      : undefined;
    const statement = await this.#statement(link, mirror);
    const asked = {
      actor,
      operation: 'failback mirror',
      target: mirrorTargetOf(link, mirror.topic),
      details: { topicId, options, saveTo, ...(approval ? { approval } : {}) },
      reason,
    };
    const id = randomUUID();
    await changes.audited(asked, async (trx, entry) => {
      const current = catalog.mirror(path.destination, path.name, path.topic);
      requireStopped(current);
      if (needsSecondPerson(current.link, 'failback')) await approvalGuard.use(trx, actor, guarded);
      const names = {
        ...backNames(current.mirror),
        options: { ...ordinary, configs: mirror.options.configs },
      };
      const { link: back, added } = await writeLinkBack(trx, catalog, { actor, entry }, current.link, [
        names,
      ]);
      if (!added.includes(names.topic)) throw mirroredBack(current);
      const asOf = { actor: actorName(actor), auditOperationId: entry.operationId, startedAtMs: Date.now() };
      const operation: StoredOperation = {
        ...{ id, linkId: back.id, topic: names.topic, kind: 'FAILBACK', options: operationOptions.parse({}) },
        ...{ reason, ...asOf, cancelAskedAtMs: null, fencingAtMs: null, endedAtMs: null },
        ...{ outcome: null, message: null, steps: [], statement: null },
        remake: { request: { options, topicId, ends: endsOf(statement), saveTo }, work: noWork },
      };
      await insertOperations(trx, [operation]);
      const said =
        `Asked to mirror it back from "${link.destination}" to "${link.source}". ${reason ?? ''}`.trim();
      const event = 'FAILBACK_REQUESTED';
      await insertLinkEvents(trx, [
        eventOf(actor, entry, link.id, event, said, mirror.topic),
        eventOf(actor, entry, back.id, event, said, names.topic),
      ]);
    });
    return id;
  }

  /** What only the old side has, as lines of JSON; read on only as fast as it is taken. @throws LandbridgeError MIRROR_STATE where nothing has diverged */
  async records(actor: Actor, path: MirrorPath, reason: string | null) {
    const about = this.#about(actor, path);
    const { link, mirror } = about;
    // Contents of records: not for those who may only look.
    authorise(actor, 'approver', linkTarget(link));
    requireStopped(about);
    if (actor.kind === 'person' && reason === null)
      throw new LandbridgeError('INVALID_REQUEST', 'Say why you take records out of the cluster.', {
        fields: {
          reason: 'Say why in at least 10 characters: it is what others will read in the audit log.',
        },
      });
    const { old, partitions, compacted } = await this.#look(about);
    if (!old || partitions.every(({ parted }) => parted === null))
      throw new LandbridgeError(
        'MIRROR_STATE',
        `"${mirror.sourceTopic}" on "${link.source}" has not diverged.`,
      );
    const { engine, audit } = this.#deps;
    const from = { linkId: link.id, link: link.name, topicId: old.topicId, sourceTopic: mirror.sourceTopic };
    const target = mirrorTargetOf(link, mirror.topic);
    return divergedRecords(
      { engine, audit },
      { actor, target, reason, from: { ...from, compacted }, partitions },
    );
  }

  #about(actor: Actor, path: MirrorPath): About {
    return new Visible(this.#deps.catalog, actor).mirror(path.destination, path.name, path.topic);
  }

  #wayBack(link: CatalogLink): FailbackPlan['back'] {
    const { source: destination, name } = link;
    return { destination, name, exists: findLinkBack(link, this.#deps.catalog.links) !== null };
  }

  async #look({ link, mirror }: About): Promise<PartingLook> {
    const { topic, sourceTopic } = mirror;
    const ends = endsOf(await this.#statement(link, mirror));
    const request = {
      op: 'lookAtParting',
      linkId: link.id,
      link: link.name,
      topic,
      sourceTopic,
      ends,
    } as const;
    return this.#deps.engine.request(request);
  }

  async #statement(link: CatalogLink, { stopped }: CatalogMirror): Promise<OperationStatement | null> {
    if (!stopped) return null;
    return (await operationById(this.#store.db, link.id, stopped.operationId))?.statement ?? null;
  }
}

const ordinary = { replicationFactor: null };

const turned = ({ source, destination, name }: CatalogLink) => ({
  source: destination,
  destination: source,
  name,
});

/** Where the mirror ended, as far as its statement says so. */
function endsOf(statement: OperationStatement | null): Record<string, string> {
  const known = (statement?.partitions ?? []).flatMap(({ partition, mirrorEnd }) =>
    mirrorEnd === null ? [] : [[String(partition), mirrorEnd] as const],
  );
  return Object.fromEntries(known);
}

function requireStopped({ link, mirror }: About): void {
  if (mirror.stopped) return;
  throw new LandbridgeError(
    'MIRROR_STATE',
    `"${mirror.topic}" still mirrors from "${link.source}": there is nothing to fail back before it was failed over.`,
  );
}

const mirroredBack = ({ link, mirror }: About) =>
  new LandbridgeError(
    'MIRROR_STATE',
    `"${mirror.sourceTopic}" on "${link.source}" is mirrored from "${mirror.topic}" on "${link.destination}" already.`,
  );
