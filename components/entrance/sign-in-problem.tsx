// What was wrong with a sign-in, and what to do. The words decide nothing; the server tells no more than the one who asks may know.
'use client';
import { useEffect, useState } from 'react';
import { Banner } from '@/components/ui/notice';

type Words = { title: string; text: string };

const lost: Words = {
  title: 'That did not work',
  text: 'The page stood open for too long, or this browser blocks cookies for this address. Try again.',
};

const words = new Map<string, Words>(
  Object.entries({
    WRONG: {
      title: 'The user name or the password is wrong',
      text: 'Check both. If you have forgotten the password, an administrator can make a link to set a new one.',
    },
    DISABLED: { title: 'This account is disabled', text: 'Ask an administrator to enable it.' },
    NO_ROLE: {
      title: 'You are known, but have no role here',
      text: 'None of the groups that your provider names for you gives a role in Landbridge. Ask an administrator which group you need, then sign in again.',
    },
    LINK: {
      title: 'This link does not sign in any more',
      text: 'It has been used, replaced, or is older than 24 hours. Take the newest one.',
    },
    PROVIDER: {
      title: 'The sign-in at the provider did not succeed',
      text: 'It was cancelled, took too long, or the provider’s answer did not hold. Try again; the server’s log has the cause.',
    },
  }),
);

export function SignInProblemBanner({ problem }: { problem: string }) {
  const [word = '', seconds] = problem.split(':');
  if (word === 'WAIT') return <Wait key={problem} seconds={Number(seconds) || 1} />;
  // The word stands in the address: nothing that somebody has put there is shown as it is.
  const { title, text } = words.get(word) ?? lost;
  return (
    <div role="alert">
      <Banner tone="bad" title={title}>
        <p>{text}</p>
      </Banner>
    </div>
  );
}

function Wait({ seconds }: { seconds: number }) {
  const left = useSecondsLeft(seconds);
  return (
    <div role="alert">
      <Banner tone="warn" title="Too many failed attempts">
        <p>{left > 0 ? `Try again in ${left} s.` : 'You can try again now.'}</p>
      </Banner>
    </div>
  );
}

function useSecondsLeft(seconds: number): number {
  const [until] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000))), 250);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
