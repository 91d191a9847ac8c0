// Which mirrors of the table are selected. It lives as long as the table: a filter narrows what is seen, not what is selected.
'use client';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { request } from '@/components/shell/api-client';
import { mirrorNames } from '@/lib/contracts/link';
import type { MirrorFilter } from './mirror-windows';
import { linkApi } from './paths';

export type Selection = {
  has: (topic: string) => boolean;
  /** In the order of their names. */
  topics: string[];
  set: (topic: string, on: boolean) => void;
  clear: () => void;
};

export function useSelection(): Selection & { add: (topics: readonly string[]) => void } {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const set = useCallback(
    (topic: string, on: boolean) =>
      setChosen((before) => {
        const next = new Set(before);
        if (on) next.add(topic);
        else next.delete(topic);
        return next;
      }),
    [],
  );
  const add = useCallback(
    (topics: readonly string[]) => setChosen((before) => new Set([...before, ...topics])),
    [],
  );
  const clear = useCallback(() => setChosen(new Set()), []);
  return useMemo(
    () => ({ has: (topic) => chosen.has(topic), topics: [...chosen].sort(), set, add, clear }),
    [chosen, set, add, clear],
  );
}

/** Names of all that the filter lets through, also of those that are not on the screen. */
export function useMatchingNames(destination: string, name: string) {
  return useMutation({
    mutationFn: async ({ filter, attention, state }: MirrorFilter) => {
      const query = new URLSearchParams({ filter, attention, ...(state ? { state } : {}) });
      return (await request(`${linkApi(destination, name)}/mirror-names?${query}`, mirrorNames)).topics;
    },
  });
}
