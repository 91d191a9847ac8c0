import type { Metadata } from 'next';
import { RulesPage } from '@/components/health/rules/rules-page';

export const metadata: Metadata = { title: 'Rules' };

export default function RuleLibraryPage() {
  return <RulesPage />;
}
