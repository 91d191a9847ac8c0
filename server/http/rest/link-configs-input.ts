/**
 * Reads the configs of a link as Confluent's clients send them: our settings, the source's address and security, and
 * keys that are accepted because leaving them out would mean the same. Pure; everything else is refused by name.
 */
import { type NewLinkSettings, newLinkSettings } from '@/lib/contracts/api';
import { type ClusterConfig, consoleClusterConfig } from '@/lib/contracts/cluster';
import { linkSettings } from '@/lib/contracts/link';
import { LandbridgeError } from '@/server/errors';
import { parseInput } from '../parse-input';
import { readSourceSecurity, refusedSecurityKey, securityKeys } from './source-security';

export type ConfigEntry = { name: string; value: string | null };
export type LinkConfigs = {
  settings: NewLinkSettings;
  /** Null without bootstrap.servers: the source is a registered cluster. */
  source: Omit<ClusterConfig, 'name'> | null;
};

const settingDefaults: Record<string, unknown> = linkSettings.parse({});

export const isSourceKey = (name: string): boolean => name === 'bootstrap.servers' || securityKeys.has(name);

/** Values at which a feature that does not exist yet is off; intervals and filters of an off feature have no effect. */
const accepted: Record<string, (value: string) => boolean> = {
  'connection.mode': (value) => value === 'OUTBOUND',
};

/** @throws LandbridgeError INVALID_REQUEST naming the key */
export function readLinkConfigs(configs: readonly ConfigEntry[]): LinkConfigs {
  const patch: Record<string, unknown> = {};
  const source = new Map<string, string>();
  for (const { name, value } of configs) {
    if (isSetting(name)) patch[name] = settingValue(name, value);
    else if (isSourceKey(name)) source.set(name, value ?? '');
    else if (!isAccepted(name, value ?? '')) throw refused(name, value);
  }
  return { settings: parseInput(newLinkSettings, patch, 'body'), source: readSource(source) };
}

/** Text as the contract wants it; what does not fit stays text and is refused there. Null is the default. */
export function settingValue(name: string, value: string | null): unknown {
  if (value === null) return null;
  const fallback = settingDefaults[name];
  if (typeof fallback === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if (typeof fallback === 'string') return value;
  if (value === '' && fallback === null) return null;
  return /^\d{1,15}$/.test(value) ? Number(value) : value;
}

export const isSetting = (name: string): boolean => Object.hasOwn(settingDefaults, name);

const isAccepted = (name: string, value: string): boolean =>
  Object.hasOwn(accepted, name) && accepted[name]?.(value) === true;

function readSource(given: ReadonlyMap<string, string>): LinkConfigs['source'] {
  const servers = given.get('bootstrap.servers');
  if (servers === undefined) {
    const [stray] = given.keys();
    if (stray === undefined) return null;
    throw invalid(stray, 'has no effect without bootstrap.servers.');
  }
  const candidate = {
    name: 'source',
    bootstrapServers: servers.split(',').map((server) => server.trim()),
    security: readSourceSecurity(given),
  };
  const { name: _, ...source } = parseInput(consoleClusterConfig, candidate, 'body');
  return source;
}

function refused(name: string, value: string | null): LandbridgeError {
  if (Object.hasOwn(accepted, name)) {
    return invalid(name, `cannot be ${JSON.stringify(value)} yet: this feature is not there. Leave it out.`);
  }
  if (name.startsWith('ssl.') || name.startsWith('sasl.')) return invalid(name, refusedSecurityKey(name));
  return invalid(name, 'is not a setting of a link. Check the spelling, or leave it out.');
}

function invalid(name: string, what: string): LandbridgeError {
  return new LandbridgeError('INVALID_REQUEST', `Config ${name} ${what}`, { fields: { [name]: what } });
}
