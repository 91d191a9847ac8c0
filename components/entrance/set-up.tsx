// Where one-time links lead: the token comes in the fragment, which reaches no log, and is handed over by POST.
'use client';
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { failureFrom, request } from '@/components/shell/api-client';
import { Button, ButtonLink } from '@/components/ui/button';
import { Banner } from '@/components/ui/notice';
import { Bar, Loading } from '@/components/ui/skeleton';
import { type OneTimeLinkView, oneTimeLinkView } from '@/lib/contracts/sign-in';
import { ChoosePassword } from './choose-password';
import { EntranceFrame } from './entrance-frame';
import { SignInByLink } from './sign-in-by-link';

const onFragment = (listener: () => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

const titles: Record<OneTimeLinkView['purpose'], string> = {
  SET_UP: 'Make the first administrator',
  INVITATION: 'Welcome to Landbridge',
  PASSWORD_RESET: 'Set a new password',
  SIGN_IN: 'Sign in',
};

export function SetUp() {
  const token = useSyncExternalStore(
    onFragment,
    () => window.location.hash.slice(1),
    () => null,
  );
  const link = useQuery({
    queryKey: ['one-time-link', token],
    queryFn: () => request('/api/one-time-link', oneTimeLinkView, { method: 'POST', body: { token } }),
    enabled: Boolean(token),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const failure = failureFrom(link.error);
  if (token === '') {
    return (
      <EntranceFrame title="This link is not whole">
        <p className="text-soft">Its end is missing, from the # on. Copy all of it, and open it again.</p>
      </EntranceFrame>
    );
  }
  if (failure) {
    return (
      <EntranceFrame
        title={failure.status === 410 ? 'This link cannot be used any more' : 'That did not work'}
      >
        <div role="alert">
          <Banner tone="bad" title={failure.message} />
        </div>
        <div className="flex gap-2">
          {failure.status === 410 ? null : <Button onClick={() => void link.refetch()}>Try again</Button>}
          <ButtonLink href="/sign-in">To sign-in</ButtonLink>
        </div>
      </EntranceFrame>
    );
  }
  if (!token || !link.data) {
    return (
      <EntranceFrame title="Looking at the link…">
        <Loading label="Looking at the link">
          <Bar className="h-8 w-full" />
        </Loading>
      </EntranceFrame>
    );
  }
  return (
    <EntranceFrame title={titles[link.data.purpose]} lead={leadOf(link.data)}>
      {link.data.purpose === 'SIGN_IN' ? (
        <SignInByLink token={token} />
      ) : (
        <ChoosePassword token={token} link={link.data} />
      )}
    </EntranceFrame>
  );
}

function leadOf({ purpose, displayName }: OneTimeLinkView): string {
  switch (purpose) {
    case 'SET_UP':
      return 'This account may do everything here, also let others in.';
    case 'INVITATION':
      return `You have been invited as ${displayName}. Choose a password to take it up.`;
    case 'PASSWORD_RESET':
      return 'All sessions of this account end when the new password is set.';
    case 'SIGN_IN':
      return `This link signs you in as ${displayName}, once.`;
  }
}
