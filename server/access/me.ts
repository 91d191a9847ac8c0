// Who asks, as the console's frame shows it. Pure.
import type { Me } from '@/lib/contracts/access';
import { LandbridgeError } from '@/server/errors';
import { type Actor, actorName } from './actor';

/** @throws LandbridgeError FORBIDDEN for what is neither a person nor a key */
export function meOf(actor: Actor): Me {
  switch (actor.kind) {
    case 'person':
      return {
        kind: 'PERSON',
        id: actor.id,
        name: actor.name,
        grants: [...actor.grants],
        signedInAt: actor.signedInAtMs,
      };
    case 'apiKey':
      return {
        kind: actor.bootstrap ? 'BOOTSTRAP_KEY' : 'API_KEY',
        id: actor.id,
        name: actor.name,
        grants: [...actor.grants],
        signedInAt: null,
      };
    default:
      throw new LandbridgeError('FORBIDDEN', `${actorName(actor)} is neither a person nor an API key.`);
  }
}
