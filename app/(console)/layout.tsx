// The frame of the console, for people who are signed in; no page loads data on the server. No Suspense boundary here: its content would be hydrated later than the navigation, with data
// that the server's markup did not have.
import type { ReactNode } from 'react';
import { ModeProvider } from '@/components/shell/mode';
import { Shell } from '@/components/shell/shell';
import { requirePageOfMode, requirePageSession } from '@/server/http/page-session';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  await requirePageSession();
  const monitoring = await requirePageOfMode();
  return (
    <ModeProvider value={monitoring}>
      <Shell>{children}</Shell>
    </ModeProvider>
  );
}
