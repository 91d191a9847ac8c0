// The settings begin with what may wait for somebody.
import { redirect } from 'next/navigation';
import { requirePageOfMode } from '@/server/http/page-session';

export default async function SettingsPage(): Promise<never> {
  const { mode } = await requirePageOfMode();
  redirect(mode === 'hub' ? '/settings/consoles' : '/settings/approvals');
}
