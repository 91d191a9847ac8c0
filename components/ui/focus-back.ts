// Where the focus was before a dialog opened is where it goes when that closes. Radix gives it back to a trigger of its own only, and
// dialogs of the console are opened from elsewhere. What is gone by then, or not shown any more, leaves it to the page's content.
'use client';
import { useLayoutEffect, useRef } from 'react';

/** Of the dialog that is open: one that opens as that closes (a key that is shown once) has it from there. */
let handedOn: HTMLElement | null = null;

/** @returns what a dialog's content does at `onCloseAutoFocus` */
export function useFocusBack(open: boolean): (event: Event) => void {
  const before = useRef<HTMLElement | null>(null);
  // The dialog's content is not there yet: its portal comes a render later, and a field in it may take the focus by itself.
  useLayoutEffect(() => {
    if (!open) return;
    const { activeElement } = document;
    const somewhere = activeElement instanceof HTMLElement && activeElement !== document.body;
    before.current = somewhere ? activeElement : handedOn;
    handedOn = before.current;
  }, [open]);
  return (event) => {
    event.preventDefault();
    const another = document.querySelector('[role="dialog"]');
    if (another && !before.current?.closest('[role="dialog"]')) return;
    handedOn = null;
    const opener = before.current;
    const isThere = opener?.isConnected && opener.checkVisibility();
    (isThere ? opener : document.getElementById('main'))?.focus();
  };
}
