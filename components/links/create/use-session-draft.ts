// A draft kept in this tab's session storage. Null until it has been read, which only the browser can do.
'use client';
import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';

export function useSessionDraft<T>(key: string, schema: z.ZodType<T>, initial: T) {
  const [draft, setDraft] = useState<T | null>(null);
  useEffect(() => {
    setDraft(stored(key, schema) ?? initial);
  }, [key, schema, initial]);
  const change = useCallback(
    (changes: Partial<T>) =>
      setDraft((before) => {
        if (before === null) return before;
        const next = { ...before, ...changes };
        keep(key, next);
        return next;
      }),
    [key],
  );
  const forget = useCallback(() => {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // Storage is switched off: there is nothing to forget.
    }
  }, [key]);
  return { draft, change, forget };
}

function stored<T>(key: string, schema: z.ZodType<T>): T | null {
  try {
    const text = sessionStorage.getItem(key);
    const parsed = text === null ? null : schema.safeParse(JSON.parse(text));
    return parsed?.success ? parsed.data : null;
  } catch {
    return null; // storage is switched off, or holds what an older version wrote
  }
}

function keep(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is switched off or full: the draft lives as long as the page.
  }
}
