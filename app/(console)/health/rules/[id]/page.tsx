import type { Metadata } from 'next';
import { ruleIdIn } from '@/app/(console)/path-names';
import { RulePage } from '@/components/health/rules/rule-page';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: ruleIdIn((await params).id) };
}

export default async function OneRulePage({ params }: Props) {
  return <RulePage id={ruleIdIn((await params).id)} />;
}
