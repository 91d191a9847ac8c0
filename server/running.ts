// The handle that routes hold of the running server. Module state is doubled between bundles, so it lives on globalThis; only types are imported here.
import { LandbridgeError } from './errors';
import type { Runtime } from './runtime';

export const runtimeKey = Symbol.for('landbridge');

type Holder = { [runtimeKey]?: Runtime };

/** @throws LandbridgeError SHUTTING_DOWN when the server is not up, or no longer */
export function runningRuntime(): Runtime {
  const runtime = runtimeIfRunning();
  if (runtime) return runtime;
  throw new LandbridgeError(
    'SHUTTING_DOWN',
    'The server is starting or stopping. Try again in some seconds.',
  );
}

/** For what can be left out while the server starts or stops. */
export function runtimeIfRunning(): Runtime | null {
  const runtime = (globalThis as Holder)[runtimeKey];
  return runtime && !runtime.stopping ? runtime : null;
}

export function setRuntime(runtime: Runtime | null): void {
  const holder = globalThis as Holder;
  if (runtime) holder[runtimeKey] = runtime;
  else delete holder[runtimeKey];
}

export function hasRuntime(): boolean {
  return (globalThis as Holder)[runtimeKey] !== undefined;
}
