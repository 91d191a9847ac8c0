// Puts a mirror that was reversed on its way back: in one change of the store, once, however often the engine asks. What is turned and when is the engine's to say.
import type { ToEngine, TurnedMirror } from '@/lib/contracts/engine';
import { isLandbridgeError } from '@/server/errors';
import { placesIn } from '@/server/link/groups/group-memory';
import { listGroupMemory } from '@/server/store/group-memory';
import { operationById, type StoredOperation } from '@/server/store/operations';
import type { Store } from '@/server/store/store';
import type { CatalogLink, CatalogMirror } from './catalog';
import { backNames, findLinkBack, writeLinkBack } from './link-back';
import { type LinkDeps, mirrorTargetOf } from './link-operations';

type Turned = Omit<Extract<ToEngine, { type: 'turned' }>, 'type' | 'id'>;

const actor = { kind: 'engine' } as const;

export class Turns {
  readonly #deps: Pick<LinkDeps, 'catalog' | 'changes'>;
  readonly #store: Store;

  constructor(deps: Pick<LinkDeps, 'catalog' | 'changes'>, store: Store) {
    this.#deps = deps;
    this.#store = store;
  }

  async turn(linkId: string, topic: string, operationId: string): Promise<Turned> {
    const { catalog, changes } = this.#deps;
    const link = catalog.linkById(linkId);
    const mirror = link?.mirrors.get(topic);
    if (!link || mirror?.operation?.id !== operationId) return refused('The operation is not open any more.');
    const there = this.#turned(link, mirror, operationId);
    if (there) return there;
    const operation = (await operationById(this.#store.db, linkId, operationId)) ?? mirror.operation;
    const turn = await this.#turnOf(link, operation);
    if (turn === null) return refused('The statement does not say where the source ended.');
    const back = {
      ...backNames(mirror),
      ...{ paused: operation.options.pauseBack, sourceTopicId: null, starts: null, turn },
    };
    const asked = {
      actor,
      operation: 'turn mirror round',
      target: mirrorTargetOf(link, topic),
      details: { operation: operationId, askedBy: operation.actor, mirror: back.topic, ends: turn.ends },
      reason: operation.reason,
    };
    try {
      await changes.audited(asked, async (trx, entry) => {
        const written = await writeLinkBack(trx, catalog, { actor, entry }, link, [back]);
        entry.note({ after: { mirrorOf: `${link.destination}/${topic}`, newLink: written.isNew } });
      });
    } catch (error) {
      if (isLandbridgeError(error)) return refused(error.message);
      throw error;
    }
    return this.#turned(link, mirror, operationId) ?? refused('The mirror on the way back is gone again.');
  }

  #turned(link: CatalogLink, mirror: CatalogMirror, operationId: string): Turned | null {
    const back = findLinkBack(link, this.#deps.catalog.links);
    const there = back?.mirrors.get(mirror.sourceTopic);
    if (!back || there?.turn?.operationId !== operationId) return null;
    const { id, destination, name } = back;
    return { back: { linkId: id, destination, name, topic: there.topic }, refused: null, error: null };
  }

  /** Null where a partition can't be turned. */
  async #turnOf(link: CatalogLink, operation: StoredOperation): Promise<TurnedMirror | null> {
    const ends: Record<string, string> = {};
    for (const { partition, turnAt } of operation.statement?.partitions ?? []) {
      if (turnAt === null || turnAt === undefined) return null;
      ends[String(partition)] = turnAt;
    }
    if (Object.keys(ends).length === 0) return null;
    // Groups that carry a prefix have other names there.
    const memories = link.settings['consumer.group.prefix.enable']
      ? []
      : await listGroupMemory(this.#store.db, link.id);
    const groups = memories.flatMap((memory) => {
      const places = placesIn(memory, operation.topic);
      return places.length > 0 ? [{ group: memory.group, places }] : [];
    });
    return { operationId: operation.id, at: Date.now(), ends, groups };
  }
}

const refused = (message: string): Turned => ({ back: null, refused: message, error: null });
