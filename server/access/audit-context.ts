// Carries the id of a request from its route to the audit rows of what it does, without every operation handing it on.
// On globalThis, because bundles hold copies of this module.
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Actor, actorName } from './actor';

/** `actor` is set once it is known who asks. */
export type RequestContext = { requestId: string; actor: string | null };

const key = Symbol.for('landbridge.request');
type Holder = { [key]?: AsyncLocalStorage<RequestContext> };
const holder = globalThis as Holder;
holder[key] ??= new AsyncLocalStorage<RequestContext>();
const storage = holder[key];

export function inRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

export function currentRequest(): RequestContext | null {
  return storage.getStore() ?? null;
}

export function noteActor(actor: Actor): void {
  const context = storage.getStore();
  if (context && actor.kind !== 'anonymous') context.actor = actorName(actor);
}
