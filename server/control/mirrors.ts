// What people do with single mirrors: add, pause, resume, remove. The same order as for links: check, store with audit, tell the engine.
import type { z } from 'zod';
import type { mirrorDeleted, mirrorPaused, mirrorsAdded } from '@/lib/contracts/api';
import type { MirrorVerdict } from '@/lib/contracts/engine';
import type { addMirrorsRequest } from '@/lib/contracts/link';
import { type Actor, authorise } from '@/server/access/actor';
import { LandbridgeError } from '@/server/errors';
import { insertLinkEvents } from '@/server/store/link-events';
import { deleteMirror, insertMirrors, setMirrorPaused } from '@/server/store/mirrors';
import type { CatalogLink } from './catalog';
import {
  judgeMirrors,
  type MirrorNames,
  type MirrorOptions,
  requireAccepted,
  requireNoConflicts,
  sameNames,
} from './link-checks';
import {
  eventOf,
  type LinkDeps,
  type LinkPath,
  leftBehind,
  type MirrorPath,
  newMirror,
  targetOf,
} from './link-operations';

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
    return this.addNamed(actor, path, sameNames(request.topics), request.mirrorOptions, validateOnly);
  }

  /** As `add`, where a mirror may be called differently from its source topic. */
  async addNamed(
    actor: Actor,
    path: LinkPath,
    names: readonly MirrorNames[],
    options: MirrorOptions,
    validateOnly: boolean,
  ): Promise<z.infer<typeof mirrorsAdded>> {
    authorise(actor, 'operator');
    const { changes, catalog } = this.#deps;
    const link = catalog.link(path.destination, path.name);
    const known = names.find(({ topic }) => link.mirrors.has(topic));
    if (known) {
      const message = `Link "${link.name}" has a mirror topic "${known.topic}" already.`;
      throw new LandbridgeError('MIRROR_EXISTS', message);
    }
    const verdicts = await this.#judge(link, names, options);
    requireAccepted(verdicts);
    if (validateOnly) return { verdicts, added: 0 };
    const details = { mirrors: names, ...options };
    const operation = { actor, operation: 'add mirrors', target: targetOf(link), details };
    await changes.audited(operation, async (trx) => {
      // Both judged again: another change may have come in while Kafka was asked.
      catalog.link(path.destination, path.name);
      requireNoConflicts(catalog.links, link, names);
      const now = Date.now();
      await insertMirrors(
        trx,
        names.map((name) => newMirror(link.id, name, options, now)),
      );
      await insertLinkEvents(
        trx,
        names.map(({ topic }) => eventOf(actor, link.id, 'CREATED', 'Mirror topic added.', topic)),
      );
    });
    return { verdicts, added: names.length };
  }

  async setPaused(
    actor: Actor,
    path: MirrorPath,
    paused: boolean,
    validateOnly: boolean,
  ): Promise<z.infer<typeof mirrorPaused>> {
    authorise(actor, 'operator');
    const { link, mirror } = this.#deps.catalog.mirror(path.destination, path.name, path.topic);
    const answer = (now: boolean, message: string) => ({ topic: mirror.topic, paused: now, message });
    if (mirror.paused === paused) {
      return answer(paused, paused ? 'It is paused already.' : 'It is not paused.');
    }
    const consequence = paused
      ? 'Mirroring stops; what is on the destination stays, the lag grows until it is resumed.'
      : 'Mirroring goes on from where it stopped.';
    if (validateOnly) return answer(mirror.paused, consequence);
    const [operation, event] = paused
      ? ['pause mirror', 'PAUSE_REQUESTED']
      : ['resume mirror', 'RESUME_REQUESTED'];
    const target = `mirror ${mirror.topic} of ${targetOf(link)}`;
    await this.#deps.changes.audited({ actor, operation, target }, async (trx) => {
      this.#deps.catalog.mirror(path.destination, path.name, path.topic);
      await setMirrorPaused(trx, link.id, mirror.topic, paused);
      await insertLinkEvents(trx, [eventOf(actor, link.id, event, consequence, mirror.topic)]);
    });
    return answer(paused, consequence);
  }

  async remove(
    actor: Actor,
    path: MirrorPath,
    validateOnly: boolean,
  ): Promise<z.infer<typeof mirrorDeleted>> {
    authorise(actor, 'operator');
    const { link, mirror } = this.#deps.catalog.mirror(path.destination, path.name, path.topic);
    const answer = { topic: mirror.topic, message: leftBehind(link.destination, 1) };
    if (validateOnly) return { deleted: false, ...answer };
    const target = `mirror ${mirror.topic} of ${targetOf(link)}`;
    await this.#deps.changes.audited({ actor, operation: 'remove mirror', target }, async (trx) => {
      this.#deps.catalog.mirror(path.destination, path.name, path.topic);
      await deleteMirror(trx, link.id, mirror.topic);
      await insertLinkEvents(trx, [
        eventOf(actor, link.id, 'REMOVED', 'The mirror was taken off the link.', mirror.topic),
      ]);
    });
    return { deleted: true, ...answer };
  }

  #judge(link: CatalogLink, names: readonly MirrorNames[], options: MirrorOptions): Promise<MirrorVerdict[]> {
    const { catalog, engine } = this.#deps;
    const ends = {
      source: catalog.cluster(link.source).config,
      destination: catalog.cluster(link.destination).config,
      sourceClusterId: link.sourceClusterId,
      destinationClusterId: link.destinationClusterId,
    };
    return judgeMirrors(engine, catalog.links, ends, names, options);
  }
}
