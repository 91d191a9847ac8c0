// The registry of actions: global ones, those of the page on the screen, and of the things that the cache knows by name.
'use client';
import { createContext, type ReactNode, use, useCallback, useEffect, useId, useMemo, useState } from 'react';
import type { Action } from './action';
import { CommandPalette } from './command-palette';
import { useGlobalActions } from './global-actions';
import { useShortcuts } from './use-shortcuts';

type Registry = {
  register: (owner: string, actions: Action[]) => void;
  unregister: (owner: string) => void;
  openPalette: () => void;
};
const RegistryContext = createContext<Registry | null>(null);
const SHORTCUTS_KEY = 'landbridge.shortcuts';

export function ActionsProvider({ children }: { children: ReactNode }) {
  const [owned, setOwned] = useState<Record<string, Action[]>>({});
  const [open, setOpen] = useState(false);
  const [shortcutsOn, setShortcutsOn] = useRememberedSwitch(SHORTCUTS_KEY);
  const globals = useGlobalActions(shortcutsOn, setShortcutsOn);
  const register = useCallback(
    (owner: string, actions: Action[]) => setOwned((before) => ({ ...before, [owner]: actions })),
    [],
  );
  const unregister = useCallback((owner: string) => setOwned(({ [owner]: _gone, ...rest }) => rest), []);
  const openPalette = useCallback(() => setOpen(true), []);
  const registry = useMemo(
    () => ({ register, unregister, openPalette }),
    [register, unregister, openPalette],
  );
  const actions = useMemo(() => [...Object.values(owned).flat(), ...globals], [owned, globals]);
  useShortcuts(actions, { letters: shortcutsOn && !open, togglePalette: () => setOpen((is) => !is) });
  return (
    <RegistryContext value={registry}>
      {children}
      <CommandPalette open={open} onOpenChange={setOpen} actions={actions} />
    </RegistryContext>
  );
}

/** Makes a page's actions known while it is on the screen. Memoise the list. */
export function useActions(actions: Action[]): void {
  const registry = use(RegistryContext);
  const owner = useId();
  useEffect(() => {
    registry?.register(owner, actions);
  }, [registry, owner, actions]);
  useEffect(() => () => registry?.unregister(owner), [registry, owner]);
}

export function useOpenPalette(): () => void {
  const registry = use(RegistryContext);
  return registry?.openPalette ?? noPalette;
}
const noPalette = () => {};

/** On unless it was switched off in this browser. */
function useRememberedSwitch(key: string): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(true);
  useEffect(() => {
    try {
      setOn(localStorage.getItem(key) !== 'off');
    } catch {
      // Storage is switched off: the default stands.
    }
  }, [key]);
  const change = useCallback(
    (next: boolean) => {
      setOn(next);
      try {
        localStorage.setItem(key, next ? 'on' : 'off');
      } catch {
        // Storage is switched off: the choice holds for this page only.
      }
    },
    [key],
  );
  return [on, change];
}
