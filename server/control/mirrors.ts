// What people do with single mirrors: add, pause, resume, remove. The same order as for links: check, store with audit, tell the engine.
import type { z } from 'zod';
import type { mirrorPaused, mirrorsAdded, mirrorsPaused, pauseMirrorsRequest } from '@/lib/contracts/api';
import type { MirrorVerdict } from '@/lib/contracts/engine';
import type { addMirrorsRequest } from '@/lib/contracts/link';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import { insertLinkEvents } from '@/server/store/link-events';
import { insertMirrors, setMirrorsPaused } from '@/server/store/mirrors';
import { forgetRemoved } from '@/server/store/removed-mirrors';
import type { CatalogLink } from './catalog';
import { chosenMirrors } from './chosen-mirrors';
import {
  judgeMirrors,
  type MirrorNames,
  type MirrorOptions,
  namesOf,
  requireAccepted,
  requireNoConflicts,
} from './link-checks';
import {
  eventOf,
  type LinkDeps,
  type LinkPath,
  type MirrorPath,
  newMirror,
  targetOf,
} from './link-operations';
import { requireMirroring } from './operation-plan';
import { linkTarget, Visible } from './visible';

export class Mirrors {
  readonly #deps: LinkDeps;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  async add(
    actor: Actor,
    path: LinkPath,
    request: z.infer<typeof addMirrorsRequest>,
    validateOnly: boolean,
  ): Promise<z.infer<typeof mirrorsAdded>> {
    const { changes, catalog } = this.#deps;
    const visible = new Visible(catalog, actor);
    const link = visible.link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    const { mirrorOptions: options } = request;
    const names = namesOf(request.topics, link.settings['cluster.link.prefix']);
    const known = names.find(({ topic }) => link.mirrors.has(topic));
    if (known) {
      const stopped = link.mirrors.get(known.topic)?.stopped;
      const rest = stopped ? ' It was stopped; take it off the link to mirror it anew.' : '';
      const message = `Link "${link.name}" has a mirror topic "${known.topic}" already.${rest}`;
      throw new LandbridgeError('MIRROR_EXISTS', message);
    }
    const verdicts = await this.#judge(link, visible, names, options);
    requireAccepted(verdicts);
    if (validateOnly) return { verdicts, added: 0 };
    const details = { mirrors: names, ...options };
    const operation = { actor, operation: 'add mirrors', target: targetOf(link), details };
    await changes.audited(operation, async (trx, entry) => {
      // Both judged again: another change may have come in while Kafka was asked.
      catalog.link(path.destination, path.name);
      requireNoConflicts(catalog, visible, link, names);
      const now = Date.now();
      await forgetRemoved(
        trx,
        link.id,
        names.map(({ sourceTopic }) => sourceTopic),
      );
      await insertMirrors(
        trx,
        names.map((name) => newMirror(link.id, name, options, now)),
      );
      await insertLinkEvents(
        trx,
        names.map(({ topic }) => eventOf(actor, entry, link.id, 'CREATED', 'Mirror topic added.', topic)),
      );
    });
    return { verdicts, added: names.length };
  }

  async setOnePaused(
    actor: Actor,
    { topic, ...path }: MirrorPath,
    paused: boolean,
    validateOnly: boolean,
  ): Promise<z.infer<typeof mirrorPaused>> {
    const [answer] = await this.setPaused(actor, path, [topic], paused, validateOnly);
    if (!answer) throw new Error(`No answer was made for mirror ${topic}`);
    return answer;
  }

  /** By names or by a pattern. Those with which it cannot be done keep the others from nothing. */
  async setManyPaused(
    actor: Actor,
    path: LinkPath,
    { paused, topics, pattern }: z.infer<typeof pauseMirrorsRequest>,
    validateOnly: boolean,
    field = 'pattern',
  ): Promise<z.infer<typeof mirrorsPaused>> {
    const link = new Visible(this.#deps.catalog, actor).link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    const chosen = chosenMirrors(link, { names: topics, pattern }, field);
    const refusals = new Map(chosen.map((topic) => [topic, whyNot(link, topic)]));
    const possible = chosen.filter((topic) => refusals.get(topic) === null);
    const done = await this.setPaused(actor, path, possible, paused, validateOnly);
    const answers = new Map(done.map((answer) => [answer.topic, answer]));
    const mirrors = chosen.map((topic) => {
      const refusal = refusals.get(topic);
      if (refusal) return { topic, ok: false, code: refusal.code, changes: false, message: refusal.message };
      const changes = link.mirrors.get(topic)?.paused !== paused;
      return { topic, ok: true, code: null, changes, message: answers.get(topic)?.message ?? '' };
    });
    return { changed: validateOnly ? 0 : mirrors.filter(({ changes }) => changes).length, mirrors };
  }

  /** Pauses or resumes one or many mirrors in one change; those that are so already are left alone. */
  async setPaused(
    actor: Actor,
    path: LinkPath,
    topics: readonly string[],
    paused: boolean,
    validateOnly: boolean,
  ): Promise<z.infer<typeof mirrorPaused>[]> {
    const { catalog, changes } = this.#deps;
    const visible = new Visible(catalog, actor);
    const link = visible.link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    const wanted = topics.map((topic) => visible.mirror(path.destination, path.name, topic));
    for (const { mirror } of wanted) requireMirroring(mirror);
    const toChange = wanted
      .filter(({ mirror }) => mirror.paused !== paused)
      .map(({ mirror }) => mirror.topic);
    const consequence = paused
      ? 'Mirroring stops; what is on the destination stays, the lag grows until it is resumed.'
      : 'Mirroring goes on from where it stopped.';
    if (!validateOnly && toChange.length > 0) {
      const [operation, event] = paused
        ? ['pause mirrors', 'PAUSE_REQUESTED']
        : ['resume mirrors', 'RESUME_REQUESTED'];
      const details = { topics: toChange };
      const asked = { actor, operation, target: targetOf(link), details };
      await changes.audited(asked, async (trx, entry) => {
        for (const topic of toChange)
          requireMirroring(catalog.mirror(path.destination, path.name, topic).mirror);
        await setMirrorsPaused(trx, link.id, toChange, paused);
        await insertLinkEvents(
          trx,
          toChange.map((topic) => eventOf(actor, entry, link.id, event, consequence, topic)),
        );
      });
    }
    const changed = new Set(toChange);
    const already = paused ? 'It is paused already.' : 'It is not paused.';
    return topics.map((topic) => ({
      topic,
      paused: validateOnly && changed.has(topic) ? !paused : paused,
      message: changed.has(topic) ? consequence : already,
    }));
  }

  #judge(
    link: CatalogLink,
    visible: Visible,
    names: readonly MirrorNames[],
    options: MirrorOptions,
  ): Promise<MirrorVerdict[]> {
    const { catalog, engine } = this.#deps;
    const ends = {
      source: catalog.cluster(link.source).config,
      destination: catalog.cluster(link.destination).config,
      sourceClusterId: link.sourceClusterId,
      destinationClusterId: link.destinationClusterId,
    };
    return judgeMirrors(engine, catalog, visible, ends, names, options, link.name);
  }
}

/** Why it can be neither paused nor resumed. */
function whyNot(link: CatalogLink, topic: string): LandbridgeError | null {
  const mirror = link.mirrors.get(topic);
  if (!mirror)
    return new LandbridgeError('MIRROR_NOT_FOUND', `Link "${link.name}" has no mirror topic "${topic}".`);
  try {
    requireMirroring(mirror);
    return null;
  } catch (error) {
    if (isLandbridgeError(error)) return error;
    throw error;
  }
}
