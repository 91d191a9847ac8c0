// The settings begin with what may wait for somebody.
import { redirect } from 'next/navigation';

export default function SettingsPage(): never {
  redirect('/settings/approvals');
}
