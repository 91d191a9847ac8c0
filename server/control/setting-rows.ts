// Settings of a link as rows: what is default and what is set, in the order of the contract.
import type { z } from 'zod';
import { FIXED_SETTINGS, type LinkSettings, linkSettings, type settingRow } from '@/lib/contracts/link';

export function settingRows(settings: LinkSettings): z.infer<typeof settingRow>[] {
  const defaults: Record<string, unknown> = linkSettings.parse({});
  return Object.entries(settings).map(([key, value]) => ({
    key,
    value: value === null ? null : String(value),
    isDefault: value === defaults[key],
    fixed: (FIXED_SETTINGS as readonly string[]).includes(key),
  }));
}

/** What differs, for the audit log. */
export function settingsChange(before: LinkSettings, after: LinkSettings): { before: object; after: object } {
  const old: Record<string, unknown> = before;
  const changed = Object.entries(after).filter(([key, value]) => old[key] !== value);
  return {
    before: Object.fromEntries(changed.map(([key]) => [key, old[key]])),
    after: Object.fromEntries(changed),
  };
}
