// Above a table of a cluster: filter by name, switches, how many are shown. What is chosen stands in the URL.
'use client';
import { type ReactNode, useCallback } from 'react';
import { useDebouncedText } from '@/components/links/use-debounced';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { groupDigits, plural } from '@/lib/format';

export function TableToolbar({
  one,
  filter,
  total,
  matched,
  allListed = true,
  aside,
  children,
}: {
  /** A row, in words: "topic". */
  one: string;
  filter: string;
  total: number | undefined;
  matched: number | undefined;
  /** False: there may be more than `total`. */
  allListed?: boolean;
  /** At the right end. */
  aside?: ReactNode;
  children?: ReactNode;
}) {
  const { patch } = useUrlState();
  const apply = useCallback((text: string) => patch({ filter: text }), [patch]);
  const [typed, setTyped] = useDebouncedText(filter, apply);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <Input
        type="search"
        aria-label={`Filter ${one}s by name`}
        placeholder={total === undefined || !allListed ? `Filter ${one}s` : `Filter ${plural(total, one)}`}
        className="w-full sm:w-64"
        value={typed}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
      />
      {children}
      <p role="status" className="text-soft sm:ml-auto">
        {matched === undefined || total === undefined
          ? ''
          : [
              matched === total ? null : `${groupDigits(matched)} of ${groupDigits(total)}`,
              allListed ? null : `how many ${one}s there are is not known`,
            ]
              .filter(Boolean)
              .join(', ')}
      </p>
      {aside}
    </div>
  );
}

/** A switch of the table: pressed, it stands in the URL as 1. */
export function ToggleButton({ name, on, children }: { name: string; on: boolean; children: ReactNode }) {
  const { patch } = useUrlState();
  return (
    <Button
      aria-pressed={on}
      onClick={() => patch({ [name]: on ? null : '1' })}
      className="aria-pressed:border-accent aria-pressed:bg-accent-soft"
    >
      {children}
    </Button>
  );
}
