// Whether the server still knows this browser's session, as its answers say it. Written by the api client only.
'use client';
import { useSyncExternalStore } from 'react';

let ended = false;
const listeners = new Set<() => void>();

/** A 401 ends it; a good answer (somebody has signed in in another tab) brings it back. Other failures say nothing. */
export function noteAnswer(status: number): void {
  const says = status === 401 ? true : status < 400 ? false : ended;
  if (says === ended) return;
  ended = says;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => ended,
    () => false,
  );
