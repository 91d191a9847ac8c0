// The frame of the console.
import { type ReactNode, Suspense } from 'react';
import { Shell } from '@/components/shell/shell';

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <Shell>
      <Suspense>{children}</Suspense>
    </Shell>
  );
}
