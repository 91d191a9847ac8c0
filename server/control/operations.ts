/**
 * Promotes, failovers and reverses as people ask for them: judged, confirmed by a second person where the link wants that, stored with their
 * audit entry, and carried out by the engine. What the engine says of them is stored elsewhere (engine-operations.ts).
 */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type {
  OperationDetail,
  OperationKind,
  OperationOptions,
  OperationPlan,
  OperationStatement,
  operationList,
  operationQuery,
  operationsStarted,
  StartOperationRequest,
} from '@/lib/contracts/operation';
import { type Actor, actorName } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import { backObstacle } from '@/server/link/ending/way-back';
import type { Metrics } from '@/server/metrics/metrics';
import { insertLinkEvents } from '@/server/store/link-events';
import {
  askToCancel,
  countOperations,
  insertOperations,
  listOperations,
  operationById,
  type StoredOperation,
} from '@/server/store/operations';
import type { Store } from '@/server/store/store';
import type { Catalog, CatalogLink, CatalogMirror } from './catalog';
import { chosenMirrors } from './chosen-mirrors';
import { operationVerb } from './engine-operations';
import { guardedRequest, isGuarded } from './guarded-facts';
import { authoriseBack, backNames, findLinkBack, requireWayBack } from './link-back';
import { eventOf, type LinkDeps, type LinkPath, mirrorTargetOf, targetOf } from './link-operations';
import { kindWords, planOf, requireMirroring, type WayBack } from './operation-plan';
import { detailView, newest, operationView } from './operation-views';
import { linkTarget, Visible } from './visible';

type Started = z.infer<typeof operationsStarted>;

export class Operations {
  readonly #deps: LinkDeps;
  readonly #store: Store;
  readonly #metrics: Metrics;

  constructor(deps: LinkDeps, parts: { store: Store; metrics: Metrics }) {
    this.#deps = deps;
    this.#store = parts.store;
    this.#metrics = parts.metrics;
  }

  /**
   * Begins one operation for each mirror that allows it; the plans of the others say why not.
   * @throws LandbridgeError MIRROR_STATE when there is none that allows it, APPROVAL_NEEDED, MIRROR_NOT_FOUND
   */
  async start(
    actor: Actor,
    path: LinkPath,
    request: StartOperationRequest,
    validateOnly: boolean,
  ): Promise<Started> {
    const { kind } = request;
    const link = this.#link(actor, path);
    authorise(actor, 'approver', linkTarget(link));
    const chosen = { names: request.topics, pattern: request.pattern };
    const topics = chosenMirrors(link, chosen, 'pattern');
    if (kind === 'REVERSE') authoriseBack(this.#deps.catalog, actor, link);
    const waysBack = kind === 'REVERSE' ? await this.#waysBack(actor, link, topics, request.options) : null;
    const plans = this.plans(link, topics, request, waysBack);
    const possible = plans.filter(({ ok }) => ok).map(({ topic }) => topic);
    if (validateOnly) return { kind, started: 0, auditOperationId: null, plans };
    if (possible.length === 0) throw noneOf(kind, plans);
    if (actor.kind === 'person' && request.reason === null)
      throw new LandbridgeError('INVALID_REQUEST', `Say why you ${kindWords[kind].verb}.`, {
        fields: {
          reason: 'Say why in at least 10 characters: it is what others will read in the audit log.',
        },
      });
    const { ids, auditOperationId } = await this.#begin(actor, link, possible, request);
    return {
      kind,
      started: ids.size,
      auditOperationId,
      plans: plans.map((plan) => ({ ...plan, operationId: ids.get(plan.topic) ?? null })),
    };
  }

  plans(
    link: CatalogLink,
    topics: readonly string[],
    { kind, options }: Pick<StartOperationRequest, 'kind' | 'options'>,
    waysBack: ReadonlyMap<string, WayBack> | null = null,
  ): OperationPlan[] {
    const facts = new Map(this.#deps.views.facts(link).map((fact) => [fact.topic, fact]));
    const { frame } = this.#metrics;
    return topics.map((topic) => {
      const [mirror, fact] = [link.mirrors.get(topic), facts.get(topic)];
      if (!mirror || !fact) return unknownPlan(link, topic);
      const wayBack = waysBack?.get(topic);
      return planOf({ link, mirror, fact, frame, ...(wayBack ? { wayBack } : {}) }, kind, options);
    });
  }

  /** What is in the way of a reverse, by the registered links first and by the clusters for the rest. */
  async #waysBack(
    actor: Actor,
    link: CatalogLink,
    topics: readonly string[],
    options: OperationOptions,
  ): Promise<Map<string, WayBack>> {
    const { catalog, engine } = this.#deps;
    const mirrors = topics.flatMap((topic) => link.mirrors.get(topic) ?? []);
    const clashes = new Map(mirrors.map((mirror) => [mirror.topic, clashOf(catalog, link, mirror)]));
    const free = mirrors.filter(({ topic }) => !clashes.get(topic));
    const source = catalog.cluster(link.source).config;
    const synced = link.settings['consumer.offset.sync.enable'];
    const check =
      free.length === 0
        ? null
        : await engine.request({
            op: 'checkBack',
            ...{ name: link.name, source, destination: catalog.cluster(link.destination).config },
            mirrors: free.map(({ topic, sourceTopic }) => ({ topic, sourceTopic })),
            groupFilters: synced ? link.settings['consumer.offset.group.filters'] : '',
          });
    const visible = new Visible(catalog, actor);
    const there = findLinkBack(link, catalog.links) !== null;
    return new Map(
      mirrors.map((mirror) => {
        const why = check
          ? backObstacle(check, source, mirror, options, isFenced(link, mirror.sourceTopic))
          : null;
        const obstacle =
          clashes.get(mirror.topic) ?? (why === null ? null : new LandbridgeError('MIRROR_STATE', why));
        return [mirror.topic, { there, obstacle, readers: readersOf(catalog.links, visible, link, mirror) }];
      }),
    );
  }

  async #begin(
    actor: Actor,
    link: CatalogLink,
    topics: readonly string[],
    request: StartOperationRequest,
  ): Promise<{ ids: Map<string, string>; auditOperationId: string }> {
    const { kind, options, reason } = request;
    const { approvalGuard, changes, catalog } = this.#deps;
    const verb = operationVerb[kind];
    const [only] = topics.length === 1 ? topics : [];
    const input = { options, ...(only === undefined ? { topics: topics.toSorted() } : {}) };
    const guarded = guardedRequest(verb, link, only ?? null, input);
    const approval = isGuarded(link, verb) ? await approvalGuard.require(actor, guarded) : undefined;
    const asked = {
      actor,
      operation: only === undefined ? `${verb} mirrors` : `${verb} mirror`,
      target: only === undefined ? targetOf(link) : mirrorTargetOf(link, only),
      details: { topics, options, ...(approval ? { approval } : {}) },
      reason,
      before: { mirrorOf: link.source },
      after: { state: kind === 'REVERSE' ? 'PENDING_SYNCHRONIZE' : 'PENDING_STOPPED' },
    };
    return changes.audited(asked, async (trx, entry) => {
      const current = catalog.link(link.destination, link.name);
      if (isGuarded(current, verb)) await approvalGuard.use(trx, actor, guarded);
      // Another link may have come in between.
      if (kind === 'REVERSE')
        requireWayBack(
          catalog,
          current,
          topics.map((topic) => backNames(catalog.mirror(link.destination, link.name, topic).mirror)),
        );
      const now = Date.now();
      const operations = topics.map((topic): StoredOperation => {
        // Somebody else may have been faster.
        requireMirroring(catalog.mirror(link.destination, link.name, topic).mirror);
        return {
          ...{ id: randomUUID(), linkId: link.id, topic, kind, options, reason },
          ...{ actor: actorName(actor), auditOperationId: entry.operationId, startedAtMs: now },
          ...{ cancelAskedAtMs: null, fencingAtMs: null, endedAtMs: null },
          ...{ outcome: null, message: null, steps: [], statement: null, remake: null },
        };
      });
      await insertOperations(trx, operations);
      const said = reason === null ? `Asked to ${kindWords[kind].verb}.` : reason;
      await insertLinkEvents(
        trx,
        topics.map((topic) => eventOf(actor, entry, link.id, `${kind}_REQUESTED`, said, topic)),
      );
      const ids = new Map(operations.map(({ topic, id }) => [topic, id]));
      return { ids, auditOperationId: entry.operationId };
    });
  }

  /** Up to the fence; the engine answers by how the operation ends. */
  async cancel(actor: Actor, path: LinkPath, id: string): Promise<OperationDetail> {
    const link = this.#link(actor, path);
    authorise(actor, 'approver', linkTarget(link));
    const operation = await this.#operation(link, id);
    if (operation.outcome !== null)
      throw closed(`It has ended: ${operation.message ?? operation.outcome.toLowerCase()}`);
    const target = mirrorTargetOf(link, operation.topic);
    const name = `take back ${operationVerb[operation.kind]} of mirror`;
    const asked = { actor, operation: name, target, details: { operation: id } };
    await this.#deps.changes.audited(asked, async (trx, entry) => {
      if (!(await askToCancel(trx, id, Date.now())))
        throw closed('The fence is being set, or is there already: it can only go on.');
      const event = `${operation.kind}_CANCEL_REQUESTED`;
      const message = 'Asked to take it back.';
      await insertLinkEvents(trx, [eventOf(actor, entry, link.id, event, message, operation.topic)]);
    });
    return this.one(actor, path, id);
  }

  async list(
    actor: Actor,
    path: LinkPath,
    query: z.infer<typeof operationQuery>,
  ): Promise<z.infer<typeof operationList>> {
    const link = this.#link(actor, path);
    const { topic, group, open, offset, limit } = query;
    const filter = { ...(topic === undefined ? {} : { topic }), ...(group === undefined ? {} : { group }) };
    const { db } = this.#store;
    const stored = await listOperations(db, link.id, { ...filter, open: open === '1', offset, limit });
    return {
      operations: stored.map((operation) => operationView(newest(link, operation))),
      counts: await countOperations(db, link.id, filter),
    };
  }

  async one(actor: Actor, path: LinkPath, id: string): Promise<OperationDetail> {
    const link = this.#link(actor, path);
    return detailView(await this.#operation(link, id));
  }

  /** @throws LandbridgeError OPERATION_CLOSED while there is none */
  async statement(actor: Actor, path: LinkPath, id: string): Promise<OperationStatement> {
    const { statement, topic } = await this.one(actor, path, id);
    if (statement) return statement;
    throw closed(
      `There is no statement for "${topic}": it was not stopped by this operation, or is not yet.`,
    );
  }

  #link(actor: Actor, { destination, name }: LinkPath): CatalogLink {
    return new Visible(this.#deps.catalog, actor).link(destination, name);
  }

  async #operation(link: CatalogLink, id: string): Promise<StoredOperation> {
    const stored = await operationById(this.#store.db, link.id, id);
    if (stored) return newest(link, stored);
    throw new LandbridgeError('OPERATION_NOT_FOUND', `Link "${link.name}" has no operation ${id}.`);
  }
}

function clashOf(
  catalog: Pick<Catalog, 'links' | 'deletions'>,
  link: CatalogLink,
  mirror: CatalogMirror,
): LandbridgeError | null {
  try {
    requireWayBack(catalog, link, [backNames(mirror)]);
    return null;
  } catch (error) {
    if (isLandbridgeError(error)) return error;
    throw error;
  }
}

const isFenced = ({ heldAcls }: CatalogLink, sourceTopic: string): boolean =>
  heldAcls.some(({ purpose, name }) => purpose === 'FENCE' && name === sourceTopic);

/** Other links that are fed by the same topic. */
function readersOf(
  links: readonly CatalogLink[],
  visible: Visible,
  link: CatalogLink,
  { sourceTopic }: CatalogMirror,
): string[] {
  const readers = links.filter(
    (other) =>
      other.id !== link.id &&
      other.sourceClusterId === link.sourceClusterId &&
      [...other.mirrors.values()].some((one) => one.stopped === null && one.sourceTopic === sourceTopic),
  );
  return readers.map((one) =>
    visible.sees(one) ? `link "${one.name}" to "${one.destination}"` : 'another link',
  );
}

function unknownPlan(link: CatalogLink, topic: string): OperationPlan {
  return {
    ...{ topic, ok: false, code: 'MIRROR_NOT_FOUND' },
    message: `Link "${link.name}" has no mirror topic "${topic}".`,
    ...{ partitions: null, lagMessages: null, blocked: null, sourceSeenAt: null },
    ...{ configs: {}, warnings: [], operationId: null },
  };
}

function noneOf(kind: OperationKind, plans: readonly OperationPlan[]): LandbridgeError {
  const [first] = plans;
  if (!first) return new LandbridgeError('MIRROR_NOT_FOUND', 'No mirror topic of this link matches.');
  const code = plans.every((plan) => plan.code === 'MIRROR_NOT_FOUND') ? 'MIRROR_NOT_FOUND' : 'MIRROR_STATE';
  const others =
    plans.length === 1 ? '' : ` ${plans.length - 1} more cannot be ${kindWords[kind].doing} either.`;
  return new LandbridgeError(code, `${first.message}${others}`, {
    fields: Object.fromEntries(plans.map(({ topic, message }) => [topic, message])),
  });
}

const closed = (message: string) => new LandbridgeError('OPERATION_CLOSED', message);
