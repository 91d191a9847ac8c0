// Stands around every page of Health: in reduced mode there is nothing of it here, and the page says where it is.
'use client';
import type { ReactNode } from 'react';
import { useMonitoring } from '@/components/shell/mode';
import { ReducedHealth } from './reduced-health';

export function InNormalMode({ children }: { children: ReactNode }) {
  return useMonitoring().mode === 'reduced' ? <ReducedHealth /> : children;
}
