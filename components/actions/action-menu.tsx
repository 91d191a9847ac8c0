// Actions as a menu, for where there is no room for buttons. What cannot be done now stays in it, with the reason written out: a finger
// cannot hover.
'use client';
import { Ellipsis } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Menu } from '@/components/ui/menu';
import type { Action } from './action';

export function ActionMenu({ actions, className }: { actions: Action[]; className?: string }) {
  const chosen = useRef<Action | null>(null);
  return (
    <Menu
      trigger={
        <Button className={className}>
          <Ellipsis aria-hidden size={15} />
          More actions
        </Button>
      }
      className={cn('w-72 max-w-(--radix-dropdown-menu-content-available-width)', className)}
      // The focus is back on the button by then: a dialog gives it back there when it closes.
      onCloseAutoFocus={() => {
        const action = chosen.current;
        chosen.current = null;
        if (action) queueMicrotask(action.perform);
      }}
    >
      {actions.map((action) => (
        <Item
          key={action.id}
          action={action}
          onChoose={() => {
            chosen.current = action;
          }}
        />
      ))}
    </Menu>
  );
}

function Item({ action, onChoose }: { action: Action; onChoose: () => void }) {
  const { icon: Icon, label, disabledWhy, danger } = action;
  return (
    <DropdownMenu.Item
      // Not Radix' own "disabled", which the keys step over: the reason is to be read.
      aria-disabled={disabledWhy ? true : undefined}
      onSelect={(event) => (disabledWhy ? event.preventDefault() : onChoose())}
      className={cn(
        'flex min-h-10 items-start gap-2 rounded-sm px-2 py-2.5 outline-none data-highlighted:bg-raised',
        disabledWhy ? 'cursor-not-allowed text-soft' : danger ? 'cursor-pointer text-bad' : 'cursor-pointer',
      )}
    >
      {Icon ? <Icon aria-hidden size={15} className="mt-0.5 shrink-0" /> : null}
      <span className="min-w-0">
        {label}
        {disabledWhy ? <span className="block text-[13px] break-words">{disabledWhy}</span> : null}
      </span>
    </DropdownMenu.Item>
  );
}
