// The hub of a server that is one.
import type { Hub } from '@/server/control/hub';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';

/** @throws LandbridgeError NOT_FOUND */
export function hubOf({ hub }: Pick<Runtime, 'hub'>): Hub {
  if (hub) return hub;
  throw new LandbridgeError('NOT_FOUND', 'This server is no hub (LANDBRIDGE_MODE=hub, docs/hub.md).');
}
