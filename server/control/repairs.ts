/**
 * What people do about a mirror that has failed: let it be looked at again, give a lost range up, or have its topic made anew. Which of these fit is
 * judged in repair-ways.ts; the engine does the work.
 */
import { randomUUID } from 'node:crypto';
import { operationOptions } from '@/lib/contracts/operation';
import { noWork, type OldTopicLook, remakeOptions } from '@/lib/contracts/remake';
import type { AcceptedLoss, RepairAnswer, RepairRequest, RepairView } from '@/lib/contracts/repair';
import { type Actor, actorName } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import type { Metrics } from '@/server/metrics/metrics';
import { insertLinkEvents } from '@/server/store/link-events';
import { setAcceptedLosses } from '@/server/store/mirrors';
import { insertOperations } from '@/server/store/operations';
import type { CatalogMirror } from './catalog';
import { guardedRequest, needsSecondPerson } from './guarded-facts';
import { eventOf, type LinkDeps, type MirrorPath, mirrorTargetOf } from './link-operations';
import { lostRanges, type RepairFacts, repairWays, requireFits, reseedWarnings } from './repair-ways';
import { linkTarget, Visible } from './visible';

type Of<Way extends RepairRequest['way']> = Extract<RepairRequest, { way: Way }>;
type About = RepairFacts & { actor: Actor; path: MirrorPath };

export class Repairs {
  readonly #deps: LinkDeps;
  readonly #metrics: Metrics;

  constructor(deps: LinkDeps, metrics: Metrics) {
    this.#deps = deps;
    this.#metrics = metrics;
  }

  view(actor: Actor, path: MirrorPath): RepairView {
    const about = this.#about(actor, path);
    authorise(actor, 'viewer', linkTarget(about.link));
    return { topic: about.mirror.topic, ways: repairWays(about), lost: lostRanges(about) };
  }

  /** @throws LandbridgeError MIRROR_STATE when the way does not fit, with what to do instead; APPROVAL_NEEDED */
  async repair(
    actor: Actor,
    path: MirrorPath,
    request: RepairRequest,
    validateOnly: boolean,
  ): Promise<RepairAnswer> {
    const about = this.#about(actor, path);
    authorise(actor, request.way === 'CHECK_AGAIN' ? 'operator' : 'approver', linkTarget(about.link));
    requireFits(about, request.way);
    if (!validateOnly && actor.kind === 'person' && request.reason === null)
      throw new LandbridgeError('INVALID_REQUEST', 'Say why.', {
        fields: {
          reason: 'Say why in at least 10 characters: it is what others will read in the audit log.',
        },
      });
    switch (request.way) {
      case 'CHECK_AGAIN':
        return this.#checkAgain(about, request, validateOnly);
      case 'DECLARE_LOST':
        return this.#declareLost(about, request, validateOnly);
      case 'RESEED':
        return this.#reseed(about, request, validateOnly);
    }
  }

  #about(actor: Actor, path: MirrorPath): About {
    const visible = new Visible(this.#deps.catalog, actor);
    const { link, mirror } = visible.mirror(path.destination, path.name, path.topic);
    const fact = this.#deps.views.facts(link).find(({ topic }) => topic === mirror.topic);
    const seen = this.#metrics.frame?.links.get(link.id)?.mirrors.get(mirror.topic)?.mirror ?? null;
    return { actor, path, link, mirror, fact: fact ?? null, exceptions: seen?.exceptions ?? [] };
  }

  async #checkAgain(
    { actor, link, mirror }: About,
    { way, reason }: Of<'CHECK_AGAIN'>,
    validateOnly: boolean,
  ): Promise<RepairAnswer> {
    const answer = { way, warnings: [], look: null, operationId: null };
    const message = `Both sides of "${mirror.topic}" are looked at as at a start; where they fit together, mirroring goes on.`;
    if (validateOnly) return { ...answer, done: false, message };
    const { audit, engine } = this.#deps;
    const asked = {
      actor,
      operation: 'check mirror again',
      target: mirrorTargetOf(link, mirror.topic),
      reason,
    };
    return audit.around(asked, async (entry) => {
      const { topic } = mirror;
      const found = await engine.request({ op: 'checkAgain', linkId: link.id, link: link.name, topic });
      entry.note({ details: found });
      const said = reason ?? 'Asked to look at it again.';
      await this.#deps.changes.inAudited((trx) =>
        insertLinkEvents(trx, [eventOf(actor, entry, link.id, 'CHECK_AGAIN_REQUESTED', said, topic)]),
      );
      const kept = found.kept.map(({ partition, why }) => `Partition ${partition} stays as it is: ${why}`);
      return { ...answer, done: true, message, warnings: kept };
    });
  }

  async #declareLost(
    about: About,
    { way, reason, lost }: Of<'DECLARE_LOST'>,
    validateOnly: boolean,
  ): Promise<RepairAnswer> {
    const { actor, path, link, mirror } = about;
    const stands = lostRanges(about).find(({ partition }) => partition === lost.partition);
    if (stands?.from !== lost.from || stands.to !== lost.to)
      throw new LandbridgeError(
        'MIRROR_STATE',
        stands
          ? `Partition ${lost.partition} of "${mirror.topic}" has lost offsets ${stands.from} to ${BigInt(stands.to) - 1n}, not ${lost.from} to ${BigInt(lost.to) - 1n}. Look again, and declare just that range lost.`
          : `Partition ${lost.partition} of "${mirror.topic}" does not stand for a lost range.`,
      );
    const range = `offsets ${lost.from} to ${BigInt(lost.to) - 1n} of partition ${lost.partition}`;
    const message = `The mirror of "${mirror.sourceTopic}" goes on without ${range}: the source has deleted them, and nobody will have them. Consumers of the mirror find nothing there.`;
    const answer = { way, message, warnings: [], look: null, operationId: null };
    if (validateOnly) return { ...answer, done: false };
    const loss: AcceptedLoss = { ...lost, at: Date.now(), by: actorName(actor) };
    const { changes, catalog } = this.#deps;
    const operation = 'declare records of mirror lost';
    const asked = { actor, operation, target: mirrorTargetOf(link, mirror.topic), details: { lost }, reason };
    await changes.audited(asked, async (trx, entry) => {
      const { mirror: now } = catalog.mirror(path.destination, path.name, mirror.topic);
      await setAcceptedLosses(trx, link.id, mirror.topic, [...othersThan(now, lost.partition), loss]);
      const said = `Declared lost: ${range}. ${reason ?? ''}`.trim();
      await insertLinkEvents(trx, [eventOf(actor, entry, link.id, 'DECLARED_LOST', said, mirror.topic)]);
    });
    return { ...answer, done: true };
  }

  async #reseed(about: About, request: Of<'RESEED'>, validateOnly: boolean): Promise<RepairAnswer> {
    const { link, mirror } = about;
    const { topic } = mirror;
    const { way } = request;
    if (!validateOnly) requireConfirmed(topic, request);
    // What is deleted is what the dry run has shown; the engine refuses another topic.
    const look = validateOnly
      ? await this.#deps.engine.request({ op: 'lookAtTopic', linkId: link.id, link: link.name, topic })
      : null;
    const message = `"${topic}" is deleted on "${link.destination}" and mirrored anew from "${mirror.sourceTopic}" on "${link.source}".`;
    const warnings = reseedWarnings(about, look, request.options.activeGroups);
    if (validateOnly) return { way, done: false, message, warnings, look, operationId: null };
    const operationId = await this.#begin(about, request);
    return { way, done: true, message, warnings, look: null, operationId };
  }

  async #begin({ actor, path, link, mirror }: About, request: Of<'RESEED'>): Promise<string> {
    const { approvalGuard, changes, catalog } = this.#deps;
    const { topic } = mirror;
    const options = remakeOptions.parse({ ...request.options, save: false });
    const topicId = request.topicId ?? null;
    const guarded = guardedRequest('reseed', link, topic, { options, topicId });
    const approval = needsSecondPerson(link, 'reseed')
      ? await approvalGuard.require(actor, guarded)
      : undefined;
    const asked = {
      actor,
      operation: 're-seed mirror',
      target: mirrorTargetOf(link, topic),
      details: { topicId, options, ...(approval ? { approval } : {}) },
      reason: request.reason,
      before: { mirrorOf: link.source },
    };
    const id = randomUUID();
    await changes.audited(asked, async (trx, entry) => {
      const current = catalog.mirror(path.destination, path.name, topic);
      if (needsSecondPerson(current.link, 'reseed')) await approvalGuard.use(trx, actor, guarded);
      requireFits({ ...current, fact: null, exceptions: [] }, 'RESEED');
      await insertOperations(trx, [
        {
          ...{ id, linkId: link.id, topic, kind: 'RESEED', options: operationOptions.parse({}) },
          ...{ reason: request.reason, actor: actorName(actor), auditOperationId: entry.operationId },
          ...{ startedAtMs: Date.now(), cancelAskedAtMs: null, fencingAtMs: null, endedAtMs: null },
          ...{ outcome: null, message: null, steps: [], statement: null },
          remake: {
            request: { options, topicId, ends: {}, saveTo: null },
            work: noWork,
          },
        },
      ]);
      const said = request.reason ?? 'Asked to mirror the topic anew.';
      await insertLinkEvents(trx, [eventOf(actor, entry, link.id, 'RESEED_REQUESTED', said, topic)]);
    });
    return id;
  }
}

/** @throws LandbridgeError INVALID_REQUEST */
export function requireConfirmed(
  topic: string,
  {
    confirm,
    topicId,
  }: { confirm?: string | undefined; topicId?: OldTopicLook['topicId'] | null | undefined },
): void {
  const fields: Record<string, string> = {};
  if (confirm !== topic) fields.confirm = `Type the name of the topic that is deleted: ${topic}.`;
  if (topicId === undefined)
    fields.topicId = 'Give the id of the topic that is deleted, as the dry run (validate_only) told it.';
  const [first] = Object.values(fields);
  if (first !== undefined) throw new LandbridgeError('INVALID_REQUEST', first, { fields });
}

const othersThan = (mirror: CatalogMirror, partition: number): AcceptedLoss[] =>
  (mirror.acceptedLosses ?? []).filter((loss) => loss.partition !== partition);
