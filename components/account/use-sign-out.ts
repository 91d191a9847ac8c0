// Ends this browser's session on the server, and leaves the console with everything that it has loaded.
'use client';
import { useMutation } from '@tanstack/react-query';
import { signOut } from '@/components/entrance/sign-in-client';

export function useSignOut() {
  return useMutation({
    mutationFn: signOut,
    // Also after a failure: a page that stays would look signed in. The sign-in page says when the server is away.
    onSettled: () => window.location.assign('/sign-in'),
  });
}
