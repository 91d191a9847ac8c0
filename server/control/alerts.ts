// Alerts on behalf of people: of what they may see, acknowledged by who operates it. What is known of alerts is with the data thread.
import {
  type AlertDetail,
  type AlertPage,
  type AlertQuery,
  alertQuery,
} from '@/lib/contracts/monitoring/alerts';
import { type Channel, channelSecrets } from '@/lib/contracts/monitoring/channels';
import type { ChannelTest, DeliveryPage, DeliveryQuery } from '@/lib/contracts/monitoring/deliveries';
import type { AcknowledgeRequest, ChannelInput } from '@/lib/contracts/monitoring/health-changes';
import type { LibraryView } from '@/lib/contracts/monitoring/rules';
import { type Actor, actorName } from '@/server/access/actor';
import type { AuditPort } from '@/server/access/audit';
import { authorise } from '@/server/access/authorise';
import { rememberSecrets } from '@/server/access/scrub';
import { LandbridgeError } from '@/server/errors';
import type { MonitorPort } from '@/server/monitoring/monitor-port';
import type { HealthSettings } from './health-settings';
import { everywhere, type HealthTargets } from './health-targets';
import { wholePage } from './whole-page';

type Deps = { targets: HealthTargets; audit: AuditPort; monitor: MonitorPort; settings: HealthSettings };

export class Alerts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  list(actor: Actor, query: Omit<AlertQuery, 'visible' | 'tenant'>): Promise<AlertPage> {
    const { monitor, targets } = this.#deps;
    const asked = alertQuery.parse({ ...query, visible: targets.visible(actor) });
    return wholePage(asked, (part) => monitor.ask({ op: 'alerts', query: part }));
  }

  /** @throws LandbridgeError NOT_FOUND also of what the actor may not see */
  async one(actor: Actor, id: string): Promise<AlertDetail> {
    const found = await this.#deps.monitor.ask({
      op: 'alert',
      id,
      visible: this.#deps.targets.visible(actor),
    });
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
    const target = this.#deps.targets.ofLabels(alert.labels);
    authorise(actor, 'operator', target);
    const named = { type: 'alert' as const, name: `${alert.title} (${alert.id})`, scope: target };
    const operation = { actor, operation: 'acknowledge alert', target: named, reason: why };
    await this.#deps.audit.around(operation, () =>
      this.#deps.monitor.ask({ op: 'acknowledge', id, by: actorName(actor), why, from }),
    );
    return this.one(actor, id);
  }

  /** @param console on a hub: as rules stand at this one alone. @throws LandbridgeError CONSOLE_NOT_FOUND */
  async rules(actor: Actor, console?: string): Promise<LibraryView> {
    const { targets, monitor } = this.#deps;
    if (console !== undefined) targets.checkConsole(actor, console);
    return monitor.ask({ op: 'rules', visible: targets.visible(actor), console });
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

  /** Of one that is kept. */
  async testChannel(actor: Actor, id: string): Promise<ChannelTest> {
    return this.#test(actor, this.#deps.settings.channel(actor, id));
  }

  /** Of one as it is about to be saved. @param id of the one that it changes, whose secrets are used where they are left out */
  async tryChannel(actor: Actor, input: ChannelInput, id: string | null): Promise<ChannelTest> {
    return this.#test(actor, this.#deps.settings.triedChannel(actor, input, id));
  }

  async #test(actor: Actor, channel: Channel): Promise<ChannelTest> {
    const { name } = channel;
    rememberSecrets('channel being tested', channelSecrets(channel));
    const target = { type: 'alertChannel' as const, name, scope: everywhere };
    return this.#deps.audit.around({ actor, operation: 'test alert channel', target }, async (entry) => {
      const test = await this.#deps.monitor.ask({ op: 'testChannel', channel, by: actorName(actor) });
      entry.note({ details: { ok: test.ok, said: test.said } });
      return test;
    });
  }
}
