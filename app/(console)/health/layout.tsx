// All pages of Health: in reduced mode they say where rules and alerts are instead.
import type { ReactNode } from 'react';
import { InNormalMode } from '@/components/health/in-normal-mode';

export default function HealthLayout({ children }: { children: ReactNode }) {
  return <InNormalMode>{children}</InNormalMode>;
}
