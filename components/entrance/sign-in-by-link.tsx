// A link that signs in by itself. A button stands in between: a link that is merely opened, by a preview or by another
// site, must not sign anybody in.
'use client';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Banner } from '@/components/ui/notice';
import { signInWith } from './sign-in-client';
import { SignInProblemBanner } from './sign-in-problem';

export function SignInByLink({ token }: { token: string }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const go = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const outcome = await signInWith('link', { token }, '/');
      setProblem(outcome.problem);
      if (outcome.problem === null) return window.location.replace('/');
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <div className="flex flex-col gap-4">
      {problem ? <SignInProblemBanner problem={problem} /> : null}
      {failure ? (
        <div role="alert">
          <Banner tone="bad" title={failure} />
        </div>
      ) : null}
      <Button kind="primary" onClick={() => void go()} disabled={busy} autoFocus>
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </div>
  );
}
