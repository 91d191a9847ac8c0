// What people do with single mirrors: add, pause, resume, remove. The same order as for links: check, store with audit, tell the engine.
import type { z } from 'zod';
import type { MirrorVerdict } from '@/lib/contracts/engine';
import type { addMirrorsRequest } from '@/lib/contracts/link';
import { type Actor, authorise } from '@/server/access/actor';
import { LandbridgeError } from '@/server/errors';
import { insertLinkEvents } from '@/server/store/link-events';
import { deleteMirror, insertMirrors, type StoredMirror, setMirrorPaused } from '@/server/store/mirrors';
import type { CatalogLink } from './catalog';
import { judgeMirrors, type MirrorOptions, requireAccepted, requireNoConflicts } from './link-checks';
import { type Added, eventOf, type LinkDeps, newMirror, targetOf } from './link-operations';

export class Mirrors {
  readonly #deps: LinkDeps;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  async add(
    actor: Actor,
    link: CatalogLink,
    request: z.infer<typeof addMirrorsRequest>,
    validateOnly: boolean,
  ): Promise<Added> {
    authorise(actor, 'operator');
    const topics = [...new Set(request.topics)];
    const known = topics.find((topic) => link.mirrors.has(topic));
    if (known !== undefined) {
      throw new LandbridgeError(
        'MIRROR_EXISTS',
        `Link "${link.name}" has a mirror topic "${known}" already.`,
      );
    }
    const verdicts = await this.#judge(link, topics, request.mirrorOptions);
    requireAccepted(verdicts);
    if (validateOnly) return { verdicts, added: 0 };
    const operation = {
      actor,
      operation: 'add mirrors',
      target: targetOf(link),
      details: { ...request, topics },
    };
    const { changes, catalog } = this.#deps;
    await changes.audited(operation, async (trx) => {
      catalog.link(link.destination, link.name);
      requireNoConflicts(catalog.links, link, topics);
      const now = Date.now();
      await insertMirrors(
        trx,
        topics.map((topic) => newMirror(link.id, topic, request.mirrorOptions, now)),
      );
      await insertLinkEvents(
        trx,
        topics.map((topic) => eventOf(actor, link.id, 'CREATED', 'Mirror topic added.', topic)),
      );
    });
    return { verdicts, added: topics.length };
  }

  async setPaused(actor: Actor, link: CatalogLink, mirror: StoredMirror, paused: boolean): Promise<void> {
    authorise(actor, 'operator');
    if (mirror.paused === paused) return;
    const verb = paused ? 'pause' : 'resume';
    const target = `mirror ${mirror.topic} of ${targetOf(link)}`;
    await this.#deps.changes.audited({ actor, operation: `${verb} mirror`, target }, async (trx) => {
      this.#deps.catalog.mirror(link.destination, link.name, mirror.topic);
      await setMirrorPaused(trx, link.id, mirror.topic, paused);
      const message = paused ? 'Pause was asked for.' : 'Resume was asked for.';
      await insertLinkEvents(trx, [
        eventOf(actor, link.id, paused ? 'PAUSE_REQUESTED' : 'RESUME_REQUESTED', message, mirror.topic),
      ]);
    });
  }

  async remove(actor: Actor, link: CatalogLink, mirror: StoredMirror): Promise<void> {
    authorise(actor, 'operator');
    const target = `mirror ${mirror.topic} of ${targetOf(link)}`;
    await this.#deps.changes.audited({ actor, operation: 'remove mirror', target }, async (trx) => {
      this.#deps.catalog.mirror(link.destination, link.name, mirror.topic);
      await deleteMirror(trx, link.id, mirror.topic);
      await insertLinkEvents(trx, [
        eventOf(actor, link.id, 'REMOVED', 'The mirror was taken off the link.', mirror.topic),
      ]);
    });
  }

  #judge(link: CatalogLink, topics: string[], options: MirrorOptions): Promise<MirrorVerdict[]> {
    const { catalog, engine } = this.#deps;
    const ends = {
      source: catalog.cluster(link.source).config,
      destination: catalog.cluster(link.destination).config,
      sourceClusterId: link.sourceClusterId,
      destinationClusterId: link.destinationClusterId,
    };
    return judgeMirrors(engine, catalog.links, ends, topics, options);
  }
}
