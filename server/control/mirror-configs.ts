// Where the configs of a mirror differ from its source's, as people may see it. The engine knows; nothing of it is stored here.
import type { MirrorConfigsView } from '@/lib/contracts/topic-config-sync';
import type { Actor } from '@/server/access/actor';
import { LandbridgeError } from '@/server/errors';
import type { LinkDeps, MirrorPath } from './link-operations';
import { Visible } from './visible';

export class MirrorConfigs {
  readonly #deps: Pick<LinkDeps, 'catalog' | 'engine'>;

  constructor(deps: Pick<LinkDeps, 'catalog' | 'engine'>) {
    this.#deps = deps;
  }

  /** @throws LandbridgeError MIRROR_STATE of a stopped mirror, whose configs are its own */
  async one(actor: Actor, { topic, ...path }: MirrorPath): Promise<MirrorConfigsView> {
    const visible = new Visible(this.#deps.catalog, actor);
    const { link, mirror } = visible.mirror(path.destination, path.name, topic);
    if (mirror.stopped !== null)
      throw new LandbridgeError(
        'MIRROR_STATE',
        `"${topic}" is an ordinary topic by now: its configs are its own, and nothing follows the source.`,
      );
    const asked = { linkId: link.id, link: link.name, topic };
    const found = await this.#deps.engine.request({ op: 'mirrorConfigs', ...asked });
    // The engine has not taken it up yet.
    const include = link.settings['topic.config.sync.include'].split(',').filter(Boolean);
    return found ?? { readAt: null, trouble: null, include, rows: [] };
  }
}
