// Listens for ⌘K (Ctrl+K) and for the two-key shortcuts of actions; never while a text field or a dialog has the focus.
'use client';
import { useEffect, useRef } from 'react';
import { SHORTCUT_PAUSE_MS } from '@/components/shell/intervals';
import type { Action } from './action';

type Options = { letters: boolean; togglePalette: () => void };

export function useShortcuts(actions: Action[], options: Options): void {
  const latest = useRef({ actions, options });
  useEffect(() => {
    latest.current = { actions, options };
  });
  useEffect(() => {
    let first = { key: '', at: 0 };
    const onKey = (event: KeyboardEvent) => {
      const { actions, options } = latest.current;
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        options.togglePalette();
        return;
      }
      if (!options.letters || event.metaKey || event.ctrlKey || event.altKey || isBusyTarget(event.target))
        return;
      const sequence =
        event.timeStamp - first.at < SHORTCUT_PAUSE_MS ? `${first.key} ${event.key}` : event.key;
      const hit = actions.find((action) => action.keys === sequence && !action.disabledWhy);
      first = hit ? { key: '', at: 0 } : { key: event.key, at: event.timeStamp };
      if (hit) {
        event.preventDefault();
        hit.perform();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function isBusyTarget(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [role="dialog"]') !== null;
}
