/**
 * A cluster's configuration as the store holds it: secrets sealed one by one as `{ "sealed": "…" }`, each bound to everything
 * in the configuration that is not secret. Whoever changes the stored address without the key makes the secrets unreadable.
 */
import { createHash } from 'node:crypto';
import { type ClusterConfig, secretPaths } from '@/lib/contracts/cluster';
import { SealError, type SecretBox } from './secret-box';

type Json = Record<string, unknown>;
/** `clusterConfig` without its name, as parsed from the column. */
export type StoredConfig = Json;

export function sealConfig(box: SecretBox, { name, ...config }: ClusterConfig): StoredConfig {
  return seal(box, name, config);
}

/** @returns the configuration with its name, not yet checked against the contract */
export function openConfig(box: SecretBox, name: string, stored: StoredConfig): Json & { name: string } {
  const context = contextOf(stored);
  const opened = mapSecrets(stored, (value, path) => {
    const envelope = envelopeOf(value);
    if (envelope === null) {
      throw new SealError(`cluster "${name}", config.${path.join('.')}: a secret stands there unsealed.`);
    }
    return box.open(envelope, placeOf(name, path, context));
  });
  return { ...opened, name };
}

/** With plain secrets sealed, as stores have them that were written before there was a key; null when there are none. */
export function sealPlainSecrets(box: SecretBox, name: string, stored: StoredConfig): StoredConfig | null {
  return countSecrets(stored) === 0 ? null : seal(box, name, stored);
}

/** The same secrets under another key. */
export function resealConfig(
  before: SecretBox,
  after: SecretBox,
  name: string,
  stored: StoredConfig,
): { config: StoredConfig; count: number } {
  const { name: _, ...plain } = openConfig(before, name, stored);
  return { config: seal(after, name, plain), count: countSecrets(plain) };
}

/** Of secrets that are set, in the order of the contract. */
export function secretsOf(config: ClusterConfig): { path: readonly string[]; value: string }[] {
  const found: { path: readonly string[]; value: string }[] = [];
  mapSecrets(config, (value, path) => {
    if (typeof value === 'string') found.push({ path, value });
    return value;
  });
  return found;
}

function countSecrets(config: object): number {
  let count = 0;
  mapSecrets(config, (value) => {
    if (typeof value === 'string') count++;
    return value;
  });
  return count;
}

/** What a secret was typed for: equal texts mean that it goes to the same servers, in the same way, for the same user. */
export function withoutSecrets(config: object): string {
  return canonical(mapSecrets(config as Json, () => undefined));
}

/** A copy in which every secret that is set has become what `change` answers; undefined removes it. */
export function mapSecrets<T extends object>(
  config: T,
  change: (value: unknown, path: readonly string[]) => unknown,
): T {
  const copy = structuredClone(config);
  for (const path of secretPaths) {
    const parent = path.slice(0, -1).reduce<unknown>((so, key) => (isJson(so) ? so[key] : undefined), copy);
    const last = path.at(-1) ?? '';
    if (!isJson(parent) || parent[last] === undefined) continue;
    const changed = change(parent[last], path);
    if (changed === undefined) delete parent[last];
    else parent[last] = changed;
  }
  return copy;
}

function seal(box: SecretBox, name: string, config: Json): StoredConfig {
  const context = contextOf(config);
  return mapSecrets(config, (value, path) =>
    typeof value === 'string' ? { sealed: box.seal(value, placeOf(name, path, context)) } : value,
  );
}

/** The JSON that is stored, not what the contract makes of it: a default that is added later changes nothing here. */
const contextOf = (config: Json): string =>
  createHash('sha256').update(withoutSecrets(config)).digest('base64url');

const placeOf = (name: string, path: readonly string[], context: string) => ({
  table: 'cluster',
  id: name,
  column: `config.${path.join('.')}`,
  context,
});

function envelopeOf(value: unknown): string | null {
  return isJson(value) && typeof value.sealed === 'string' ? value.sealed : null;
}

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON with sorted keys and without what is undefined. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isJson(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}
