// From a provider's groups to roles here, by the rules in landbridge.yaml. Pure. Without a matching group there is no role.
import type { Grant } from '@/lib/contracts/access';
import type { OidcProvider } from '@/server/sign-in-config';

export type Claims = Readonly<Record<string, unknown>>;

/** Empty when no group matches: then the person is refused. */
export function grantsFromClaims(provider: OidcProvider, claims: Claims): Grant[] {
  const groups = new Set(groupsOf(claimAt(claims, provider.groupsClaim)));
  const found = provider.roles.filter(({ group }) => groups.has(group));
  const seen = new Set<string>();
  return found
    .map(({ role, scope }): Grant => ({ role, scope }))
    .filter((grant) => {
      const key = JSON.stringify([grant.role, grant.scope]);
      return !seen.has(key) && seen.add(key);
    });
}

/** The name to sign in under here: letters, digits and a few signs, whatever the provider sends. Null when there is none. */
export function userNameFromClaims(provider: OidcProvider, claims: Claims): string | null {
  for (const name of [provider.userNameClaim, 'preferred_username', 'email', 'sub']) {
    const value = claimAt(claims, name);
    if (typeof value !== 'string') continue;
    const plain = value
      .normalize('NFKC')
      .slice(0, 80)
      .replace(/[^\p{L}\p{N}._@+-]+/gu, '-')
      .replace(/^[^\p{L}\p{N}]+/u, '');
    if (plain !== '') return plain;
  }
  return null;
}

/** Often chosen by the person: without characters that turn the reading direction, or that nobody sees. */
export function displayNameFromClaims(claims: Claims): string | null {
  const { name } = claims;
  if (typeof name !== 'string') return null;
  const readable = name
    .trim()
    .slice(0, 100)
    .replace(/\p{C}+/gu, '')
    .trim();
  return readable === '' ? null : readable;
}

/** A dotted path reaches into objects (Keycloak: realm_access.roles), unless a claim has just that name (a URL, say). */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function groupsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
