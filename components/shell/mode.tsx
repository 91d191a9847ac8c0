// In which mode this server runs: it decides which parts of the console there are. Told by the server with the page's frame.
'use client';
import { createContext, type ReactNode, useContext } from 'react';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';

type Monitoring = { mode: MonitoringMode; dashboardUrl: string | null };
const Context = createContext<Monitoring>({ mode: 'normal', dashboardUrl: null });

export function ModeProvider({ value, children }: { value: Monitoring; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

export const useMonitoring = (): Monitoring => useContext(Context);
export const useIsHub = (): boolean => useContext(Context).mode === 'hub';
