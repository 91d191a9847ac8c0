import type { Metadata } from 'next';
import { NewLink } from '@/components/links/create/new-link';

export const metadata: Metadata = { title: 'Create a link' };

export default function NewLinkPage() {
  return <NewLink />;
}
