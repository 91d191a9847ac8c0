// State that belongs to what is shown lives in the query string, so that a link shared in chat shows the same thing.
'use client';
import { type ReadonlyURLSearchParams, usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';

type Patch = Record<string, string | null>;

/** Reads the query string and changes parts of it; null or '' removes a key. `push` adds a step to the browser's history. */
export function useUrlState(): {
  params: ReadonlyURLSearchParams;
  patch: (changes: Patch, how?: 'replace' | 'push') => void;
} {
  const params = useSearchParams();
  const pathname = usePathname();
  const patch = useCallback(
    (changes: Patch, how: 'replace' | 'push' = 'replace') => {
      const next = new URLSearchParams(window.location.search);
      for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === '') next.delete(key);
        else next.set(key, value);
      }
      const query = next.toString();
      const url = query ? `${pathname}?${query}` : pathname;
      if (how === 'push') window.history.pushState(null, '', url);
      else window.history.replaceState(null, '', url);
    },
    [pathname],
  );
  return { params, patch };
}
