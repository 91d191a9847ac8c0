// What one tenant's people have decided, ready for use; and what changes for channels when they decide anew.
import { type Channel, channelSecrets } from '@/lib/contracts/monitoring/channels';
import {
  type HealthSettings,
  type HealthSettingsInput,
  healthSettings,
} from '@/lib/contracts/monitoring/health-settings';
import type { RuleOverride } from '@/lib/contracts/monitoring/rules';
import { rules } from './rules/all';
import { Settings } from './settings';
import type { Addressees } from './tell';

export class Tenant {
  readonly #overrides: readonly RuleOverride[];
  readonly #settings = new Map<string, Settings>();
  readonly to: Addressees;
  readonly channels: ReadonlyMap<string, Channel>;
  /** Clusters and links that there are; null: not known here. */
  readonly subjects: ReadonlySet<string> | null;

  /** @throws ZodError when the message is not what the contract says */
  constructor(desired: HealthSettingsInput) {
    const { overrides, silences, channels, routes, subjects }: HealthSettings = healthSettings.parse(desired);
    this.#overrides = overrides;
    this.channels = new Map(channels.map((one) => [one.id, one]));
    this.to = { channels: this.channels, routes, silences };
    this.subjects = subjects === null ? null : new Set(subjects);
  }

  /** What holds for one console of a hub, or here. Those for which nothing was decided share one. */
  settingsOf(console: string): Settings {
    const own = this.#overrides.filter(({ scope }) => scope.kind === 'console' && scope.console === console);
    const key = own.length === 0 ? '' : console;
    const known = this.#settings.get(key);
    if (known) return known;
    const shared = this.#overrides.filter(({ scope }) => scope.kind !== 'console');
    const settings = new Settings(rules, [...shared, ...own]);
    this.#settings.set(key, settings);
    return settings;
  }

  overridesOf(rule: string): RuleOverride[] {
    return this.#overrides.filter((one) => one.rule === rule);
  }

  get secrets(): string[] {
    return [...this.channels.values()].flatMap(channelSecrets);
  }

  /** Channels that are gone, and those that are other than before. */
  since(before: Tenant | null): { gone: string[]; changed: string[] } {
    const known = before?.channels ?? new Map<string, Channel>();
    const same = (id: string) => JSON.stringify(known.get(id)) === JSON.stringify(this.channels.get(id));
    return {
      gone: [...known.keys()].filter((id) => !this.channels.has(id)),
      changed: [...this.channels.keys()].filter((id) => !same(id)),
    };
  }
}
