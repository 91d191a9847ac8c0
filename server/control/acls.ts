// What people see and do about the ACLs of a link: what stands and what would be done, and the fence of source topics.
import type { z } from 'zod';
import type { AclPreview, aclPreviewQuery, fenceLifted } from '@/lib/contracts/acl-sync';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import type { CatalogLink } from './catalog';
import { type LinkDeps, type LinkPath, type MirrorPath, targetOf } from './link-operations';
import { linkTarget, Visible } from './visible';

export class Acls {
  readonly #deps: LinkDeps;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** From the live clusters; changes nothing. It shows who may do what there, so it is not for everybody who sees the link. */
  preview(actor: Actor, path: LinkPath, tried: z.infer<typeof aclPreviewQuery>): Promise<AclPreview> {
    const link = this.#link(actor, path, 'operator');
    // With filters of one's own it shows all of both clusters; they are an administrator's to set.
    if (tried.filters !== undefined || tried.principals !== undefined)
      authorise(actor, 'administrator', { kind: 'everywhere' });
    return this.#deps.engine.request({ op: 'previewAcls', linkId: link.id, link: link.name, ...tried });
  }

  /** Producers may write to the source topic again. After a promotion the two sides part with the first record, so it is an approver's. */
  async liftFence(
    actor: Actor,
    { topic, ...path }: MirrorPath,
    validateOnly: boolean,
  ): Promise<z.infer<typeof fenceLifted>> {
    const link = this.#link(actor, path, 'approver');
    if (!link.heldAcls.some(({ purpose, name }) => purpose === 'FENCE' && name === topic))
      throw new LandbridgeError(
        'NOT_FOUND',
        `Link "${link.name}" has not fenced topic "${topic}" of "${link.source}".`,
      );
    const message = `Producers can write to ${topic} on ${link.source} again. What they write does not reach a mirror that was promoted.`;
    if (validateOnly) return { topic, lifted: false, message };
    const operation = {
      actor,
      operation: 'lift fence of source topic',
      target: targetOf(link),
      details: { topic },
    };
    await this.#deps.audit.around(operation, () =>
      this.#deps.engine.request({ op: 'liftFence', linkId: link.id, link: link.name, topics: [topic] }),
    );
    return { topic, lifted: true, message };
  }

  #link(actor: Actor, path: LinkPath, role: 'operator' | 'approver'): CatalogLink {
    const link = new Visible(this.#deps.catalog, actor).link(path.destination, path.name);
    authorise(actor, role, linkTarget(link));
    return link;
  }
}
