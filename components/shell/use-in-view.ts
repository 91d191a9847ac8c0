// The open one of a row of places that scrolls sideways is seen, whichever it is.
'use client';
import { type RefObject, useEffect, useRef } from 'react';

/** @param open what is open: another one scrolls again. Null: none is. @returns for the element of the open one */
export function useInView<T extends HTMLElement>(open: string | null): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (open !== null) ref.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [open]);
  return ref;
}
