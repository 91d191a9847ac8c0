// The form behind set-up, invitation and password links: a name where there is none yet, and a password. Signs in at once.
'use client';
import { type FormEvent, useState } from 'react';
import { failureFrom, request } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Check, Field, Input } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { newPassword, userName as userNameRule } from '@/lib/contracts/access';
import { linkRedeemed, type OneTimeLinkView } from '@/lib/contracts/sign-in';
import { signInWith } from './sign-in-client';

type Problems = { userName?: string; password?: string; general?: string };

export function ChoosePassword({ token, link }: { token: string; link: OneTimeLinkView }) {
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<Problems>({});

  const redeem = async (userName: string, password: string) => {
    setBusy(true);
    try {
      const chosen = link.userName === null ? { userName } : {};
      const body = { token, password, ...chosen };
      const redeemed = await request('/api/one-time-link/redeem', linkRedeemed, { method: 'POST', body });
      const { problem } = await signInWith('password', { userName: redeemed.userName, password }, '/');
      // The fragment is used up: nobody needs it in the browser's history.
      window.location.replace(problem === null ? '/' : '/sign-in');
    } catch (error) {
      const failure = failureFrom(error);
      const fields = failure?.fields ?? {};
      setProblems({
        userName: fields.userName,
        password: fields.password,
        ...(fields.userName || fields.password ? {} : { general: failure?.message }),
      });
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [userName, password] = [String(form.get('userName')), String(form.get('password'))];
    const found: Problems = {
      userName:
        link.userName === null ? userNameRule.safeParse(userName).error?.issues[0]?.message : undefined,
      password: newPassword.safeParse(password).error?.issues[0]?.message,
    };
    setProblems(found);
    const first = found.userName ? 'userName' : found.password ? 'password' : null;
    if (first === null) void redeem(userName, password);
    else event.currentTarget.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {problems.general ? (
        <div role="alert">
          <Banner tone="bad" title={problems.general} />
        </div>
      ) : null}
      <Field label="User name" error={problems.userName}>
        <Input
          name="userName"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={link.userName ?? ''}
          readOnly={link.userName !== null}
          autoFocus={link.userName === null}
        />
      </Field>
      <Field
        label="Password"
        error={problems.password}
        hint="At least 12 characters. A few words that only you put together are better than signs."
      >
        <Input
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete="new-password"
          autoFocus={link.userName !== null}
        />
      </Field>
      <Check label="Show the password" checked={shown} onChange={(event) => setShown(event.target.checked)} />
      <Button kind="primary" type="submit" disabled={busy}>
        {busy
          ? 'One moment…'
          : link.purpose === 'SET_UP'
            ? 'Make administrator and sign in'
            : 'Set password and sign in'}
      </Button>
    </form>
  );
}
