// Which columns a table has: chosen from a menu, kept in the URL, so that a link shared in chat shows the same table.
'use client';
import { Check, Columns3 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import type { Columns } from '@/components/ui/table-columns';
import { useUrlState } from './use-url-state';

type Choice<T extends object> = {
  /** Those to draw, in the order of the table. */
  columns: Columns<T>;
  options: { id: string; label: string; shown: boolean }[];
  toggle: (id: string) => void;
};

/** Columns that name the row are always there. @param all keep it stable */
export function useColumnChoice<T extends object>(all: Columns<T>): Choice<T> {
  const { params, patch } = useUrlState();
  const given = params.get('columns');
  return useMemo(() => {
    const choosable = all.filter((column) => !column.meta?.rowHeader);
    const standard = choosable.filter((column) => !column.meta?.extra).map(({ id }) => id ?? '');
    const asked = given === null ? null : new Set(given.split(','));
    const shown = new Set(
      asked === null ? standard : choosable.map(({ id }) => id ?? '').filter((id) => asked.has(id)),
    );
    const toggle = (id: string) => {
      const next = choosable
        .map((column) => column.id ?? '')
        .filter((one) => (one === id ? !shown.has(one) : shown.has(one)));
      const same = next.length === standard.length && next.every((one) => standard.includes(one));
      patch({ columns: same ? null : next.join(',') || 'none' });
    };
    return {
      columns: all.filter((column) => column.meta?.rowHeader || shown.has(column.id ?? '')),
      options: choosable.map((column) => ({
        id: column.id ?? '',
        label: column.meta?.menu ?? String(column.header),
        shown: shown.has(column.id ?? ''),
      })),
      toggle,
    };
  }, [all, given, patch]);
}

export function ColumnMenu<T extends object>({ choice }: { choice: Choice<T> }) {
  return (
    <Menu
      trigger={
        <Button className="max-md:hidden">
          <Columns3 aria-hidden size={15} />
          Columns
        </Button>
      }
      className="max-h-[60vh] w-60"
    >
      {choice.options.map(({ id, label, shown }) => (
        <DropdownMenu.CheckboxItem
          key={id}
          checked={shown}
          onCheckedChange={() => choice.toggle(id)}
          // The menu stays open: several are chosen at once.
          onSelect={(event) => event.preventDefault()}
          className="flex h-8 shrink-0 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none data-highlighted:bg-raised"
        >
          <span className="w-4">
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden size={15} />
            </DropdownMenu.ItemIndicator>
          </span>
          {label}
        </DropdownMenu.CheckboxItem>
      ))}
    </Menu>
  );
}
