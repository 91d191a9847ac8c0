// Alerts on behalf of people: of what they may see, acknowledged by who operates it. What is known of alerts is with the data thread.
import type { AlertDetail, AlertPage, AlertQuery, VisibleAlerts } from '@/lib/contracts/monitoring/alerts';
import type { ChannelTest, DeliveryPage, DeliveryQuery } from '@/lib/contracts/monitoring/deliveries';
import type { AcknowledgeRequest } from '@/lib/contracts/monitoring/health-changes';
import type { LibraryView } from '@/lib/contracts/monitoring/rules';
import type { Target } from '@/lib/grants';
import type { Labels } from '@/lib/monitoring/observation';
import { type Actor, actorName } from '@/server/access/actor';
import type { AuditPort } from '@/server/access/audit';
import { authorise, maySee } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import type { MonitorPort } from '@/server/monitoring/monitor-port';
import type { Catalog } from './catalog';
import type { HealthSettings } from './health-settings';
import { linkTarget, Visible } from './visible';

type Deps = { catalog: Catalog; audit: AuditPort; monitor: MonitorPort; settings: HealthSettings };
const everywhere: Target = { kind: 'everywhere' };

export class Alerts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  list(actor: Actor, query: Omit<AlertQuery, 'visible' | 'tenant'>): Promise<AlertPage> {
    return this.#deps.monitor.ask({
      op: 'alerts',
      query: {
        status: 'OPEN',
        tenant: '',
        withChildren: false,
        limit: 100,
        ...query,
        visible: this.#visible(actor),
      },
    });
  }

  /** @throws LandbridgeError NOT_FOUND also of what the actor may not see */
  async one(actor: Actor, id: string): Promise<AlertDetail> {
    const found = await this.#deps.monitor.ask({ op: 'alert', id, visible: this.#visible(actor) });
    if (found) return found;
    throw new LandbridgeError(
      'NOT_FOUND',
      `There is no alert "${id}", or you hold no role on what it is about. Cleared alerts are kept for a while only.`,
    );
  }

  /** Somebody is at work on it. It stays raised; nobody is told again of what is no graver. */
  async acknowledge(
    actor: Actor,
    id: string,
    { why, from = null }: AcknowledgeRequest,
  ): Promise<AlertDetail> {
    const { alert } = await this.one(actor, id);
    const target = this.#target(alert.labels);
    authorise(actor, 'operator', target);
    const named = { type: 'alert' as const, name: `${alert.title} (${alert.id})`, scope: target };
    const operation = { actor, operation: 'acknowledge alert', target: named, reason: why };
    await this.#deps.audit.around(operation, () =>
      this.#deps.monitor.ask({ op: 'acknowledge', id, by: actorName(actor), why, from }),
    );
    return this.one(actor, id);
  }

  rules(actor: Actor): Promise<LibraryView> {
    return this.#deps.monitor.ask({ op: 'rules', visible: this.#visible(actor) });
  }

  deliveries(actor: Actor, query: Omit<DeliveryQuery, 'tenant'>): Promise<DeliveryPage> {
    authorise(actor, 'viewer', everywhere);
    return this.#deps.monitor.ask({ op: 'deliveries', query: { limit: 100, ...query, tenant: '' } });
  }

  /** Of a message that was given up. */
  async sendAgain(actor: Actor, id: string): Promise<void> {
    authorise(actor, 'administrator', everywhere);
    const target = { type: 'alertChannel' as const, name: `message ${id}`, scope: everywhere };
    await this.#deps.audit.around({ actor, operation: 'send alert again', target }, () =>
      this.#deps.monitor.ask({ op: 'sendAgain', id }),
    );
  }

  async testChannel(actor: Actor, id: string): Promise<ChannelTest> {
    const { name } = this.#deps.settings.channel(actor, id);
    const target = { type: 'alertChannel' as const, name, scope: everywhere };
    return this.#deps.audit.around({ actor, operation: 'test alert channel', target }, async (entry) => {
      const test = await this.#deps.monitor.ask({ op: 'testChannel', id, by: actorName(actor) });
      entry.note({ details: { ok: test.ok, said: test.said } });
      return test;
    });
  }

  #visible(actor: Actor): VisibleAlerts {
    if (maySee(actor, everywhere)) return null;
    const { clusters, links } = new Visible(this.#deps.catalog, actor);
    return {
      landbridge: false,
      clusters: clusters.map(({ config }) => config.name),
      links: links.map(({ destination, name }) => ({ destination, link: name })),
    };
  }

  #target({ link: name, destination, source, cluster }: Labels): Target {
    if (name !== undefined && destination !== undefined) {
      const link = this.#deps.catalog.findLink(destination, name);
      return link ? linkTarget(link) : { kind: 'link', source: source ?? '', destination, name };
    }
    return cluster === undefined ? everywhere : { kind: 'cluster', cluster };
  }
}
