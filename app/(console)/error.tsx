// What stands in place of a page whose own code has failed. The rest of the console goes on; so do the links.
'use client';
import { useEffect } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Failed } from '@/components/ui/notice';

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <Failed
      title="This page has failed"
      actions={
        <>
          <Button onClick={reset}>Try again</Button>
          <ButtonLink href="/">Overview</ButtonLink>
        </>
      }
    >
      <p>Links go on copying: this is about the page only. {error.message}</p>
      {error.digest ? (
        <p className="pt-1 font-mono text-[13px]">Digest {error.digest}, also in the server's log</p>
      ) : null}
    </Failed>
  );
}
