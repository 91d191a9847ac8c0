// Dark, light or the system's: remembered in this browser, applied before the first paint by public/theme.js.
'use client';
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'dark' | 'light';
const STORAGE_KEY = 'landbridge.theme';
const CHANGED = 'landbridge:theme';

const isTheme = (value: string | null | undefined): value is 'dark' | 'light' =>
  value === 'dark' || value === 'light';

function read(): Theme {
  const set = document.documentElement.dataset.theme;
  return isTheme(set) ? set : 'system';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Storage is switched off: the choice holds for this page only.
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** For pages that the browser renders by itself (an unknown address): there public/theme.js has not run. */
export function applyRememberedTheme(): void {
  try {
    const remembered = localStorage.getItem(STORAGE_KEY);
    if (isTheme(remembered) && read() !== remembered) setTheme(remembered);
  } catch {
    // Storage is switched off: the system's theme stands.
  }
}

/** What is on the screen now, whoever chose it. */
export function shownTheme(): 'dark' | 'light' {
  const theme = read();
  if (theme !== 'system') return theme;
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export const toggleTheme = (): void => setTheme(shownTheme() === 'dark' ? 'light' : 'dark');

function subscribe(listener: () => void): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  window.addEventListener(CHANGED, listener);
  system.addEventListener('change', listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    system.removeEventListener('change', listener);
  };
}

/** The theme on the screen; null while rendering on the server. */
export function useShownTheme(): 'dark' | 'light' | null {
  return useSyncExternalStore<'dark' | 'light' | null>(subscribe, shownTheme, () => null);
}
