// A text field whose value is applied after a pause in typing; a change from outside (the back button) shows at once. What was typed while the page
// was still taking up what came before stays.
'use client';
import { useEffect, useState } from 'react';
import { FILTER_PAUSE_MS } from '@/components/shell/intervals';

export function useDebouncedText(
  applied: string,
  apply: (text: string) => void,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(applied);
  const [seen, setSeen] = useState(applied);
  /** Applied by us, and not seen yet. */
  const [sent, setSent] = useState<readonly string[]>([]);
  if (seen !== applied) {
    const at = sent.indexOf(applied);
    setSeen(applied);
    setSent(at < 0 ? [] : sent.slice(at + 1));
    if (at < 0) setTyped(applied);
  }
  useEffect(() => {
    if (typed === applied) return;
    const timer = setTimeout(() => {
      setSent((before) => [...before, typed]);
      apply(typed);
    }, FILTER_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, applied, apply]);
  return [typed, setTyped];
}
