// A small dialog with one question of text and one action: acknowledge, end, remove.
'use client';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import type { ApiFailure } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';

export function AskWhy({
  title,
  label,
  hint,
  placeholder,
  confirmLabel,
  busy,
  failure,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  label: string;
  hint?: string;
  placeholder?: string;
  confirmLabel: string;
  busy: boolean;
  failure: ApiFailure | null;
  onConfirm: (why: string) => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const [why, setWhy] = useState('');
  const [tried, setTried] = useState(false);
  const missing = why.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!missing && !busy) onConfirm(why.trim());
  };
  return (
    <Dialog open onOpenChange={onClose} title={title}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {children}
        <Field
          label={label}
          hint={hint}
          error={tried && missing ? 'Say it in a few words.' : failure?.fields.why}
        >
          <Input
            autoFocus
            maxLength={500}
            placeholder={placeholder}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        </Field>
        <Refusal failure={failure} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {busy ? 'Working…' : confirmLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
