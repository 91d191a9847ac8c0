// The sign-in page: name and password, or one of the providers. It says what was wrong with the last attempt.
'use client';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { request } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { signInWays } from '@/lib/contracts/sign-in';
import { ownPath } from '@/lib/own-path';
import { EntranceFrame } from './entrance-frame';
import { type Outcome, signInAt, signInWith } from './sign-in-client';
import { SignInProblemBanner } from './sign-in-problem';
import { useHydrated } from './use-hydrated';

export function SignInForm() {
  const params = useSearchParams();
  const next = ownPath(params.get('next'));
  const ways = useQuery({ queryKey: ['sign-in'], queryFn: () => request('/api/sign-in', signInWays) });
  const [problem, setProblem] = useState(params.get('error'));
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const hydrated = useHydrated();

  const attempt = async (way: string, ask: () => Promise<Outcome>, go: (url: string) => void) => {
    setBusy(way);
    setProblem(null);
    setFailure(null);
    try {
      const outcome = await ask();
      if (outcome.problem === null) return go(outcome.url);
      setProblem(outcome.problem);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(null);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = { userName: String(form.get('userName')), password: String(form.get('password')) };
    // A whole new page: nothing that somebody else has loaded here stays in memory.
    void attempt(
      'password',
      () => signInWith('password', given, next),
      () => window.location.replace(next),
    );
  };
  const providers = ways.data?.providers ?? [];
  return (
    <EntranceFrame title="Sign in">
      {problem ? <SignInProblemBanner problem={problem} /> : null}
      {params.has('again') && !problem ? (
        <Banner tone="warn" title="Sign in again">
          <p>
            What you are about to do takes a sign-in of the last 15 minutes. You come back to where you were.
          </p>
        </Banner>
      ) : null}
      {failure ? (
        <div role="alert">
          <Banner tone="bad" title={failure} />
        </div>
      ) : null}
      {ways.data?.empty ? (
        <Banner tone="warn" title="Nobody can sign in yet">
          <p>
            The server prints a link at its start with which the first administrator is made. Look at its
            output.
          </p>
        </Banner>
      ) : null}
      {/* Whatever sends it before the scripts are there must not put a password into an address. */}
      <form method="post" onSubmit={submit} className="flex flex-col gap-4">
        <noscript>
          <p>The console needs JavaScript: allow it for this address, and load the page again.</p>
        </noscript>
        <Field label="User name">
          <Input
            name="userName"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
          />
        </Field>
        <Field label="Password">
          <Input name="password" type="password" autoComplete="current-password" required />
        </Field>
        {/* Before the scripts have taken over, the browser itself would send the form, with the password in the address. */}
        <Button kind="primary" type="submit" disabled={busy !== null || !hydrated}>
          {busy === 'password' ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      {providers.length > 0 ? (
        <ul aria-label="Other ways to sign in" className="flex flex-col gap-2 border-t pt-5">
          {providers.map(({ id, name }) => (
            <li key={id}>
              <Button
                className="w-full"
                disabled={busy !== null}
                onClick={() =>
                  void attempt(
                    id,
                    () => signInAt(id, next),
                    (url) => window.location.assign(url),
                  )
                }
              >
                {busy === id ? `Going to ${name}…` : `Sign in with ${name}`}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </EntranceFrame>
  );
}
