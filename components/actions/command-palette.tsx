// ⌘K: every action that there is now, found by typing. A combobox whose list is the registry; it knows no action by name.
'use client';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useFocusBack } from '@/components/ui/focus-back';
import { type Action, searchActions } from './action';
import { useGoToThings } from './go-to-things';
import { Keys } from './keys';

export function CommandPalette({
  open,
  onOpenChange,
  actions,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  actions: Action[];
}) {
  const giveFocusBack = useFocusBack(open);
  const chosen = useRef<Action | null>(null);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <div aria-hidden data-dialog-open className="fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content
          aria-describedby={undefined}
          // A dialog that the action opens gives the focus back to where it was before all this.
          onCloseAutoFocus={(event) => {
            giveFocusBack(event);
            const action = chosen.current;
            chosen.current = null;
            action?.perform();
          }}
          className="fixed top-[10vh] left-1/2 z-50 w-[min(560px,calc(100vw-32px))] -translate-x-1/2 overflow-hidden rounded-lg border border-edge bg-panel"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <Commands
            actions={actions}
            onChoose={(action) => {
              chosen.current = action;
              onOpenChange(false);
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ actions, onChoose }: { actions: Action[]; onChoose: (action: Action) => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const things = useGoToThings();
  const found = useMemo(() => searchActions([...actions, ...things], typed), [actions, things, typed]);
  const current = found[Math.min(at, found.length - 1)];

  useEffect(() => {
    list.current?.querySelector(`[aria-selected="true"]`)?.scrollIntoView({ block: 'nearest' });
  });

  const run = (action: Action | undefined) => {
    if (action && !action.disabledWhy) onChoose(action);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (found.length === 0) return;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: found.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt((to + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(current);
    }
  };
  return (
    <>
      <input
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={current ? `${listId}-${current.id}` : undefined}
        aria-label="Search commands, links and clusters"
        placeholder="Search commands, links and clusters"
        className="h-12 w-full border-b bg-transparent px-4 outline-none"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label="Commands"
        className="max-h-[50vh] overflow-auto p-1"
      >
        {found.map((action, index) => (
          <Option
            key={action.id}
            id={`${listId}-${action.id}`}
            action={action}
            selected={action === current}
            heading={action.group !== found[index - 1]?.group && typed === ''}
            onPick={() => run(action)}
          />
        ))}
      </div>
      {found.length === 0 ? (
        <p role="status" className="px-4 pb-4 text-soft">
          Nothing is called “{typed}”.
        </p>
      ) : null}
    </>
  );
}

function Option({
  id,
  action,
  selected,
  heading,
  onPick,
}: {
  id: string;
  action: Action;
  selected: boolean;
  heading: boolean;
  onPick: () => void;
}) {
  const Icon = action.icon;
  return (
    <>
      {heading ? (
        <p aria-hidden className="px-3 pt-2 pb-1 text-xs text-soft">
          {action.group}
        </p>
      ) : null}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={selected}
        aria-disabled={Boolean(action.disabledWhy)}
        onPointerUp={onPick}
        className="flex min-h-9 items-center gap-3 rounded-md px-3 hover:bg-raised aria-disabled:text-soft aria-selected:bg-accent-soft"
      >
        {Icon ? <Icon aria-hidden size={16} className="shrink-0 text-soft" /> : <span className="w-4" />}
        <span className={action.danger ? 'text-bad' : ''}>{action.label}</span>
        <span className="ml-auto text-right text-[13px] text-soft">
          {action.disabledWhy ?? (action.keys ? <Keys keys={action.keys} /> : null)}
        </span>
      </div>
    </>
  );
}
