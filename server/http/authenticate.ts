// Turns the credentials of a request into an actor. Until sign-in exists: the API key, or whoever works on this machine.
import { createHash, timingSafeEqual } from 'node:crypto';
import { type Actor, everywhere, localOperator } from '@/server/access/actor';
import type { Config } from '@/server/config';
import { LandbridgeError } from '@/server/errors';
import { basicCredentials } from './door';

/**
 * @param keyRequired where a key is set, this door asks for it (/kafka/v3)
 * @throws LandbridgeError UNAUTHENTICATED
 */
export function authenticate(headers: Headers, apiKey: Config['apiKey'], keyRequired: boolean): Actor {
  // Without a key there is nothing to compare with: credentials then only tell a program from a page (see door.ts).
  if (apiKey === null) return localOperator;
  if (headers.get('authorization') === null) {
    if (!keyRequired) return localOperator;
    throw new LandbridgeError(
      'UNAUTHENTICATED',
      'Send the key and secret of LANDBRIDGE_API_KEY and LANDBRIDGE_API_SECRET as HTTP Basic credentials.',
    );
  }
  const given = basicCredentials(headers);
  if (given && equal(given.key, apiKey.key) && equal(given.secret, apiKey.secret)) {
    return {
      kind: 'apiKey',
      id: apiKey.key,
      name: apiKey.key,
      grants: everywhere('administrator'),
      bootstrap: true,
      address: null,
    };
  }
  throw new LandbridgeError('UNAUTHENTICATED', 'The key or the secret is wrong.');
}

/** Takes the same time whatever differs, also the length. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
