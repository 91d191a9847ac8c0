// Stands over a page whose session has ended: what is behind it is no longer current, and nothing can be done there.
'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { ButtonLink } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useSessionEnded } from './session-state';

export function SessionEnded() {
  const ended = useSessionEnded();
  const pathname = usePathname();
  const query = useSearchParams().toString();
  const here = query ? `${pathname}?${query}` : pathname;
  return (
    <Dialog open={ended} title="You are signed out">
      <div className="flex flex-col items-start gap-4">
        <p className="text-soft">
          Your session has ended: you or an administrator have ended it, your roles or your password were
          changed, or nobody has used it for too long. What this page shows is no longer current. Sign in to
          go on here.
        </p>
        <ButtonLink kind="primary" href={`/sign-in?next=${encodeURIComponent(here)}`} prefetch={false}>
          Sign in
        </ButtonLink>
      </div>
    </Dialog>
  );
}
