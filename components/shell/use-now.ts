// A clock shared by everything on the page that tells an age: one timer, however many listeners.
'use client';
import { useSyncExternalStore } from 'react';
import { CLOCK_TICK_MS } from './intervals';
import { serverNow } from './server-clock';

const listeners = new Set<() => void>();
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = serverNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    now = serverNow();
    timer = setInterval(tick, CLOCK_TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function read(): number {
  if (now === 0) now = serverNow();
  return now;
}

/** Milliseconds since the epoch in the server's time, told again each second; null while rendering on the server. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(subscribe, read, () => null);
}
