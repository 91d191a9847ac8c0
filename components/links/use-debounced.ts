// A text field whose value is applied after a pause in typing; a change from outside (the back button) shows at once.
'use client';
import { useEffect, useState } from 'react';
import { FILTER_PAUSE_MS } from '@/components/shell/intervals';

export function useDebouncedText(
  applied: string,
  apply: (text: string) => void,
): [string, (text: string) => void] {
  const [typed, setTyped] = useState(applied);
  const [seen, setSeen] = useState(applied);
  if (seen !== applied) {
    setSeen(applied);
    setTyped(applied);
  }
  useEffect(() => {
    if (typed === applied) return;
    const timer = setTimeout(() => apply(typed), FILTER_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, applied, apply]);
  return [typed, setTyped];
}
