// The form for a new password of one's own. All other sessions end with it.
'use client';
import { type FormEvent, useRef, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { newPassword } from '@/lib/contracts/access';
import { useChangePassword } from './queries';

export function ChangePassword({ userName }: { userName: string }) {
  const change = useChangePassword();
  const form = useRef<HTMLFormElement>(null);
  const [tooWeak, setTooWeak] = useState<string | undefined>();
  const failure = failureFrom(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [current, next] = [String(data.get('current')), String(data.get('next'))];
    const problem = newPassword.safeParse(next).error?.issues[0]?.message;
    setTooWeak(problem);
    if (problem) return form.current?.querySelector<HTMLInputElement>('[name=next]')?.focus();
    change.mutate({ current, next }, { onSuccess: () => form.current?.reset() });
  };
  return (
    <Panel title="Change your password" id="password">
      <form ref={form} onSubmit={submit} className="flex max-w-md flex-col gap-4 px-4 py-4" noValidate>
        <input type="text" name="userName" autoComplete="username" value={userName} readOnly hidden />
        <Field label="Present password" error={failure?.fields.current}>
          <Input name="current" type="password" autoComplete="current-password" required />
        </Field>
        <Field
          label="New password"
          error={tooWeak ?? failure?.fields.next}
          hint="At least 12 characters. Your other sessions end."
        >
          <Input name="next" type="password" autoComplete="new-password" required />
        </Field>
        {failure && !failure.fields.current && !failure.fields.next ? (
          <Banner tone="bad" title={failure.message} live />
        ) : null}
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={change.isPending}>
            {change.isPending ? 'Changing…' : 'Change password'}
          </Button>
          <span role="status" className="text-soft">
            {change.isSuccess ? 'Changed. All other sessions have ended.' : ''}
          </span>
        </div>
      </form>
    </Panel>
  );
}
