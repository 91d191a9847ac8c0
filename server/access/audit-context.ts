// Carries the id of a request from its route to the audit rows of what it does, without every operation handing it on.
// On globalThis, because bundles hold copies of this module.
import { AsyncLocalStorage } from 'node:async_hooks';

export type RequestContext = { requestId: string };

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
