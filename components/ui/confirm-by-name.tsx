// Asks for a name to be typed before something is removed; says what will happen and what stays.
'use client';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field, Input } from './field';

export function ConfirmByName({
  open,
  onOpenChange,
  title,
  name,
  confirmLabel,
  busy,
  blocked = false,
  error,
  onConfirm,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  name: string;
  confirmLabel: string;
  busy: boolean;
  /** It cannot be done, and `children` say why. */
  blocked?: boolean;
  /** Why the last try was refused. */
  error: ReactNode;
  onConfirm: () => void;
  children: ReactNode;
}) {
  const [typed, setTyped] = useState('');
  const matches = typed === name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (matches && !busy && !blocked) onConfirm();
  };
  const change = (next: boolean) => {
    setTyped('');
    onOpenChange(next);
  };
  return (
    <Dialog open={open} onOpenChange={change} title={title}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {children}
        <Field label={`Type ${name} to confirm`}>
          <Input
            className="font-mono"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            spellCheck={false}
          />
        </Field>
        {error}
        <div className="flex justify-end gap-2">
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button kind="danger" type="submit" disabled={!matches || busy || blocked}>
            {busy ? 'Working…' : confirmLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
