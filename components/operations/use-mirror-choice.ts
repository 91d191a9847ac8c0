// Which mirrors are to be ended: in the address where they fit in, so that the page can be shared; else in this tab's session.
'use client';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import { useUrlState } from '@/components/shell/use-url-state';
import { topicName } from '@/lib/contracts/common';
import type { OperationKind } from '@/lib/contracts/operation';
import { startHref } from './paths';
import type { MirrorChoice } from './start-draft';

/** Addresses longer than this are cut by proxies and chats. */
const MAX_IN_ADDRESS = 1500;
const names = z.array(topicName).min(1).max(10_000);
const storageKey = (destination: string, link: string) => `landbridge.chosen-mirrors.${destination}/${link}`;

/** Opens the page for these mirrors; without any it asks which. */
export function useStartPage(destination: string, link: string) {
  const router = useRouter();
  return useCallback(
    (kind: OperationKind, topics: readonly string[] = []) => {
      const search = searchOf(destination, link, topics);
      router.push(`${startHref(destination, link, kind)}${search ? `?${search}` : ''}`);
    },
    [router, destination, link],
  );
}

function searchOf(destination: string, link: string, topics: readonly string[]): string {
  if (topics.length === 0) return '';
  const listed = topics.join(',');
  if (listed.length <= MAX_IN_ADDRESS) return `topics=${listed}`;
  try {
    sessionStorage.setItem(storageKey(destination, link), JSON.stringify(topics));
  } catch {
    return `topics=${listed}`; // storage is switched off or full
  }
  return 'chosen=1';
}

/** Null: nothing is chosen yet. `ready` is false until the session has been read, which only the browser can do. */
export function useMirrorChoice(destination: string, link: string) {
  const { params, patch } = useUrlState();
  const listed = params.get('topics');
  const pattern = params.get('pattern');
  const inSession = params.get('chosen') === '1';
  const [stored, setStored] = useState<string[] | null>(null);
  const [read, setRead] = useState(false);
  useEffect(() => {
    setStored(inSession ? storedNames(destination, link) : null);
    setRead(true);
  }, [inSession, destination, link]);
  const choice = useMemo((): MirrorChoice | null => {
    if (pattern !== null) return pattern === '' ? null : { pattern };
    if (inSession) return stored ? { topics: stored } : null;
    const parsed = names.safeParse([...new Set(listed?.split(',') ?? [])]);
    return parsed.success ? { topics: parsed.data } : null;
  }, [pattern, inSession, stored, listed]);
  const choosePattern = useCallback(
    (text: string) => patch({ pattern: text, topics: null, chosen: null }),
    [patch],
  );
  const chooseTopics = useCallback(
    (topics: readonly string[]) => {
      const next = new URLSearchParams(searchOf(destination, link, topics));
      setStored([...topics]);
      patch({ pattern: null, topics: next.get('topics'), chosen: next.get('chosen') });
    },
    [patch, destination, link],
  );
  return { choice, ready: read || !inSession, choosePattern, chooseTopics };
}

function storedNames(destination: string, link: string): string[] | null {
  try {
    const parsed = names.safeParse(
      JSON.parse(sessionStorage.getItem(storageKey(destination, link)) ?? 'null'),
    );
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // storage is switched off, or holds something else
  }
}
