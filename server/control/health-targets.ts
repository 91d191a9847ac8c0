// On what one must hold a role to see or change something of health: what alerts, silences and thresholds are about. On a hub, a console.
import type { VisibleAlerts } from '@/lib/contracts/monitoring/alerts';
import type { RuleScope } from '@/lib/contracts/monitoring/rules';
import type { AlertMatcher } from '@/lib/contracts/monitoring/silences';
import type { Target } from '@/lib/grants';
import type { Labels } from '@/lib/monitoring/observation';
import type { Actor } from '@/server/access/actor';
import { maySee } from '@/server/access/authorise';
import type { HubSenders } from '@/server/access/hub-senders';
import type { Catalog } from './catalog';
import { consoleNotFound, consoleTarget } from './hub';
import { linkTarget, Visible } from './visible';

export const everywhere: Target = { kind: 'everywhere' };
type Consoles = Pick<HubSenders, 'consoles' | 'knows'>;

export class HealthTargets {
  readonly #catalog: Catalog;
  readonly #consoles: () => Consoles | null;

  /** @param consoles null: this server is no hub */
  constructor(catalog: Catalog, consoles: () => Consoles | null) {
    this.#catalog = catalog;
    this.#consoles = consoles;
  }

  get isHub(): boolean {
    return this.#consoles() !== null;
  }

  /** Null: everything. */
  visible(actor: Actor): VisibleAlerts {
    if (maySee(actor, everywhere)) return null;
    const hub = this.#consoles();
    if (hub) {
      const names = hub.consoles.map(({ name }) => name);
      const consoles = names.filter((name) => maySee(actor, consoleTarget(name)));
      return { landbridge: false, clusters: [], links: [], consoles };
    }
    const { clusters, links } = new Visible(this.#catalog, actor);
    return {
      landbridge: false,
      clusters: clusters.map(({ config }) => config.name),
      links: links.map(({ destination, name }) => ({ destination, link: name })),
    };
  }

  /** What an alert with these labels is about. */
  ofLabels({ console, link: name, destination, source, cluster }: Labels): Target {
    if (this.isHub) return console === undefined ? everywhere : consoleTarget(console);
    if (name !== undefined && destination !== undefined) return this.#link(destination, name, source);
    return cluster === undefined ? everywhere : { kind: 'cluster', cluster };
  }

  ofScope(scope: RuleScope): Target {
    switch (scope.kind) {
      case 'everywhere':
        return everywhere;
      case 'console':
        return consoleTarget(scope.console);
      case 'cluster':
        return { kind: 'cluster', cluster: scope.cluster };
      case 'link':
        return this.#link(scope.destination, scope.link, '');
    }
  }

  /** What alerts can be about that match. Names of clusters and links say nothing on a hub: two consoles may have the same. */
  pinnedBy(matchers: readonly AlertMatcher[]): Target {
    const exactly = (label: string) => matchers.find((one) => one.label === label && one.op === 'is')?.value;
    const [name, destination, cluster] = [exactly('link'), exactly('destination'), exactly('cluster')];
    const console = exactly('console');
    if (this.isHub) return console ? consoleTarget(console) : everywhere;
    if (name && destination) return this.#link(destination, name, '');
    return cluster ? { kind: 'cluster', cluster } : everywhere;
  }

  /** @throws LandbridgeError CLUSTER_NOT_FOUND, LINK_NOT_FOUND, CONSOLE_NOT_FOUND, also of what the actor may not see */
  checkSeen(actor: Actor, target: Target): void {
    const visible = new Visible(this.#catalog, actor);
    if (target.kind === 'cluster') visible.cluster(target.cluster);
    if (target.kind === 'link') visible.link(target.destination, target.name);
    if (target.kind === 'console') this.checkConsole(actor, target.console);
  }

  /** @throws LandbridgeError CONSOLE_NOT_FOUND */
  checkConsole(actor: Actor, console: string): void {
    const known = this.#consoles()?.knows(console) ?? false;
    if (!known || !maySee(actor, consoleTarget(console))) throw consoleNotFound(console);
  }

  /** Of a link that is gone: nobody but who sees everything. */
  #link(destination: string, name: string, source: string | undefined): Target {
    const link = this.#catalog.findLink(destination, name);
    return link ? linkTarget(link) : { kind: 'link', source: source ?? '', destination, name };
  }
}
