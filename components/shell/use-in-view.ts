// The open one of a row of places that scrolls sideways is seen, whichever it is.
'use client';
import { type RefObject, useEffect, useRef } from 'react';

/** @param open what is open: another one scrolls again. Null: none is. @returns for the element of the open one */
export function useInView<T extends HTMLElement>(open: string | null): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    const row = ref.current?.closest<HTMLElement>('nav');
    if (open === null || !ref.current || !row) return;
    // Sideways only: a row below the fold is no reason to begin a page further down.
    const [own, frame] = [ref.current.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollLeft += own.left + own.width / 2 - (frame.left + frame.width / 2);
  }, [open]);
  return ref;
}
