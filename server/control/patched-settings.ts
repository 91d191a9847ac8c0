// A link's settings after a change. Pure.
import type { LinkSettingsPatch } from '@/lib/contracts/api';
import { type LinkSettings, linkSettings } from '@/lib/contracts/link';

/** Null takes a key back to its default. */
export function patchedSettings(current: LinkSettings, patch: LinkSettingsPatch): LinkSettings {
  const merged: Record<string, unknown> = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = value;
  }
  return linkSettings.parse(merged);
}
