// Turns the credentials of a request into an actor: an API key where one is shown, else the session of its cookie. Nothing else lets anybody in.
import type { Actor } from '@/server/access/actor';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { keyCredentials } from './key-credentials';
import { idleMsOf, sessionToken } from './session-cookie';

/** @throws LandbridgeError UNAUTHENTICATED, or RATE_LIMITED after many wrong keys */
export async function authenticate(
  runtime: Pick<Runtime, 'config' | 'keyCheck' | 'sessions'>,
  headers: Headers,
  address: string | null,
): Promise<Actor> {
  if (headers.get('authorization') !== null) {
    const credentials = keyCredentials(headers);
    if (credentials) return runtime.keyCheck.actorFor(credentials, address);
    throw unauthenticated(
      'The Authorization header cannot be read. Send an API key as HTTP Basic, or as "Bearer <id>.<secret>".',
    );
  }
  const token = sessionToken(headers, runtime.config.address);
  if (token === null) throw unauthenticated('Sign in first, or send an API key.');
  const person = await runtime.sessions.actorFor(token, { address, idleMs: idleMsOf(headers) });
  if (person) return person;
  throw unauthenticated('Your session has ended. Sign in again.');
}

const unauthenticated = (message: string) => new LandbridgeError('UNAUTHENTICATED', message);
