// A value, or "–" with the reason why it is unknown. In tables the reason is a title and screen-reader text, so that
// thousands of cells do not become thousands of tab stops; elsewhere it is a focusable tooltip.
'use client';
import { UNKNOWN } from '@/lib/format';
import { Grouped } from './grouped';
import { Explained } from './tooltip';

type Props<T> = { value: T | null; format: (value: T) => string /** Why it is unknown. */; why: string };

export function Value<T>({ value, format, why }: Props<T>) {
  if (value !== null) return <Grouped text={format(value)} />;
  return (
    <Explained why={why} className="no-underline">
      <span aria-hidden>{UNKNOWN}</span>
      <span className="sr-only">unknown</span>
    </Explained>
  );
}

export function CellValue<T>({ value, format, why }: Props<T>) {
  if (value !== null) return <Grouped text={format(value)} />;
  return (
    <span title={why}>
      <span aria-hidden>{UNKNOWN}</span>
      <span className="sr-only">unknown: {why}</span>
    </span>
  );
}
