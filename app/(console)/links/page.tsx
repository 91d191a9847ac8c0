import type { Metadata } from 'next';
import { Links } from '@/components/links/links';

export const metadata: Metadata = { title: 'Links' };

export default function LinksPage() {
  return <Links />;
}
