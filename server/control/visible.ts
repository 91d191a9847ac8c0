/**
 * The catalog as one actor may see it. What may not be seen is answered exactly as what does not exist, before anything is
 * asked of Kafka: neither words, nor counts, nor the time it takes tell that a cluster or a link is there.
 */

import type { GrantScope } from '@/lib/contracts/access';
import type { Target } from '@/lib/grants';
import type { Actor } from '@/server/access/actor';
import { authorise, maySee } from '@/server/access/authorise';
import {
  type Catalog,
  type CatalogLink,
  type CatalogMirror,
  clusterNotFound,
  linkNotFound,
  mirrorNotFound,
  type RegisteredCluster,
} from './catalog';

type LinkNames = { source: string; destination: string; name: string };

export const linkTarget = ({ source, destination, name }: LinkNames): Target => ({
  kind: 'link',
  source,
  destination,
  name,
});
export const clusterTarget = (cluster: string): Target => ({ kind: 'cluster', cluster });

export class Visible {
  readonly #catalog: Catalog;
  readonly #actor: Actor;

  constructor(catalog: Catalog, actor: Actor) {
    this.#catalog = catalog;
    this.#actor = actor;
  }

  get clusters(): RegisteredCluster[] {
    return this.#catalog.clusters.filter(({ config }) => this.#seesCluster(config.name));
  }

  get links(): CatalogLink[] {
    return this.#catalog.links.filter((link) => this.sees(link));
  }

  sees(link: LinkNames): boolean {
    return maySee(this.#actor, linkTarget(link));
  }

  /** @throws LandbridgeError CLUSTER_NOT_FOUND */
  cluster(name: string): RegisteredCluster {
    const cluster = this.#catalog.findCluster(name);
    if (cluster && this.#seesCluster(name)) return cluster;
    throw clusterNotFound(name);
  }

  /** @throws LandbridgeError LINK_NOT_FOUND */
  link(destination: string, name: string): CatalogLink {
    const link = this.#catalog.findLink(destination, name);
    if (link && this.sees(link)) return link;
    throw linkNotFound(destination, name);
  }

  /** @throws LandbridgeError LINK_NOT_FOUND or MIRROR_NOT_FOUND */
  mirror(destination: string, name: string, topic: string): { link: CatalogLink; mirror: CatalogMirror } {
    const link = this.link(destination, name);
    const mirror = link.mirrors.get(topic);
    if (mirror) return { link, mirror };
    throw mirrorNotFound(destination, name, topic);
  }

  linksUsing(cluster: string): { from: CatalogLink[]; to: CatalogLink[] } {
    return {
      from: this.links.filter((link) => link.source === cluster),
      to: this.links.filter((link) => link.destination === cluster),
    };
  }

  #seesCluster(name: string): boolean {
    return maySee(this.#actor, clusterTarget(name));
  }
}

/** Whether what a grant names is there. */
export function scopeExists(catalog: Catalog, scope: GrantScope): boolean {
  switch (scope.kind) {
    case 'everywhere':
      return true;
    case 'cluster':
      return catalog.findCluster(scope.cluster) !== undefined;
    case 'link':
      return catalog.findLink(scope.destination, scope.name) !== undefined;
    case 'console':
      return false;
  }
}

/** For what needs both ends, such as creating a link; first whether they are there to be seen. */
export function authoriseEnds(
  catalog: Catalog,
  actor: Actor,
  ends: { source: string; destination: string },
): void {
  const visible = new Visible(catalog, actor);
  for (const name of [ends.source, ends.destination]) visible.cluster(name);
  for (const name of [ends.source, ends.destination]) authorise(actor, 'operator', clusterTarget(name));
}
