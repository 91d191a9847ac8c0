// Consumer groups of links, as people may see them. The engine knows them; nothing of it is stored here.
import type { GroupDetail, GroupPage, GroupPreview, GroupQuery } from '@/lib/contracts/consumer-group';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import type { LinkDeps, LinkPath } from './link-operations';
import { linkTarget, Visible } from './visible';

export class Groups {
  readonly #deps: Pick<LinkDeps, 'catalog' | 'engine'>;

  constructor(deps: Pick<LinkDeps, 'catalog' | 'engine'>) {
    this.#deps = deps;
  }

  page(actor: Actor, path: LinkPath, query: GroupQuery): Promise<GroupPage> {
    return this.#deps.engine.request({ op: 'groups', ...this.#link(actor, path), query });
  }

  async one(actor: Actor, path: LinkPath, group: string): Promise<GroupDetail> {
    const found = await this.#deps.engine.request({ op: 'group', ...this.#link(actor, path), group });
    if (found) return found;
    const message = `The last sync of link "${path.name}" has seen no consumer group "${group}".`;
    throw new LandbridgeError('NOT_FOUND', message);
  }

  preview(actor: Actor, path: LinkPath, filters: string): Promise<GroupPreview> {
    const link = new Visible(this.#deps.catalog, actor).link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    return this.#deps.engine.request({ op: 'previewGroups', linkId: link.id, link: link.name, filters });
  }

  #link(actor: Actor, path: LinkPath): { linkId: string; link: string } {
    const link = new Visible(this.#deps.catalog, actor).link(path.destination, path.name);
    return { linkId: link.id, link: link.name };
  }
}
