// What one tenant's people have decided, ready for use; and what changes for channels when they decide anew.
import { type Channel, channelSecrets } from '@/lib/contracts/monitoring/channels';
import {
  type HealthSettings,
  type HealthSettingsInput,
  healthSettings,
} from '@/lib/contracts/monitoring/health-settings';
import { rules } from './rules/all';
import { Settings } from './settings';
import type { Addressees } from './tell';

export class Tenant {
  readonly settings: Settings;
  readonly to: Addressees;
  readonly channels: ReadonlyMap<string, Channel>;
  /** Clusters and links that there are; null: not known here. */
  readonly subjects: ReadonlySet<string> | null;

  /** @throws ZodError when the message is not what the contract says */
  constructor(desired: HealthSettingsInput) {
    const { overrides, silences, channels, routes, subjects }: HealthSettings = healthSettings.parse(desired);
    this.settings = new Settings(rules, overrides);
    this.channels = new Map(channels.map((one) => [one.id, one]));
    this.to = { channels: this.channels, routes, silences };
    this.subjects = subjects === null ? null : new Set(subjects);
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
