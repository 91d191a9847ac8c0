// What an edited cluster keeps of the stored one: secrets that were not typed again, and only while they go where they were meant for.
import { z } from 'zod';
import type { UpdateClusterRequest } from '@/lib/contracts/api';
import { type ClusterConfig, clusterConfig, secretPaths } from '@/lib/contracts/cluster';
import { withoutSecrets } from '@/server/access/sealed-config';
import { LandbridgeError } from '@/server/errors';

type Path = (typeof secretPaths)[number];

/** @throws LandbridgeError PASSWORD_NEEDED naming the fields to type again, INVALID_REQUEST when the result is not a configuration */
export function withStoredSecrets(current: ClusterConfig, change: UpdateClusterRequest): ClusterConfig {
  const wanted = {
    name: current.name,
    bootstrapServers: change.bootstrapServers,
    security: structuredClone(change.security),
  };
  const missing = secretPaths.filter((path) => isLeftOut(path, change, current));
  if (missing.length > 0 && !samePlace(current, wanted)) throw typeAgain(current.name, missing);
  for (const path of missing) put(wanted, path, at(current, path));
  return checkedConfig(wanted);
}

/** @throws LandbridgeError INVALID_REQUEST naming the fields */
export function checkedConfig(wanted: unknown): ClusterConfig {
  const parsed = clusterConfig.safeParse(wanted);
  if (parsed.success) return parsed.data;
  const fields = Object.fromEntries(
    parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]),
  );
  throw new LandbridgeError('INVALID_REQUEST', z.prettifyError(parsed.error), { fields });
}

function isLeftOut(
  [, part, name]: Path,
  { security }: UpdateClusterRequest,
  current: ClusterConfig,
): boolean {
  if (part === 'sasl') {
    const { sasl } = security;
    if (!sasl) return false;
    return sasl.mechanism === 'OAUTHBEARER'
      ? name === 'clientSecret' && sasl.clientSecret === undefined
      : name === 'password' && sasl.password === undefined;
  }
  const { tls } = security;
  // A key comes with its certificate, and the password of a key with the key.
  if (!tls?.cert || tls.key !== undefined) return false;
  return (
    name === 'key' || (tls.keyPassword === undefined && at(current, ['security', 'tls', name]) !== undefined)
  );
}

/** Servers, protocol, user, token endpoint and TLS: whatever says who will get to see the secret. */
const samePlace = (current: ClusterConfig, wanted: object): boolean =>
  withoutSecrets(current) === withoutSecrets(wanted);

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((so, key) => (isRecord(so) ? so[key] : undefined), value);
}

/** Nothing happens where the parent isn't there. */
function put(value: unknown, path: readonly string[], secret: unknown): void {
  const parent = at(value, path.slice(0, -1));
  const name = path.at(-1);
  if (isRecord(parent) && name !== undefined) parent[name] = secret;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function typeAgain(cluster: string, missing: readonly Path[]): LandbridgeError {
  const again: Record<Path[2], string> = {
    password: 'Type the password again.',
    clientSecret: 'Type the client secret again.',
    key: 'Paste the private key again.',
    keyPassword: 'Type the password of the key again.',
  };
  return new LandbridgeError(
    'PASSWORD_NEEDED',
    `Type the secrets again: servers, protocol, user, token endpoint or TLS of cluster "${cluster}" have changed, and a stored secret is only sent where it was meant for.`,
    { fields: Object.fromEntries(missing.map((path) => [path.join('.'), again[path[2]]])) },
  );
}
