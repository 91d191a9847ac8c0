// The frame of the console. No Suspense boundary here: its content would be hydrated later than the navigation, with data
// that the server's markup did not have.
import type { ReactNode } from 'react';
import { Shell } from '@/components/shell/shell';

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return <Shell>{children}</Shell>;
}
