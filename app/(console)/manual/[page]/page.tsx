// Two pages of the manual, as they stand in docs/: what pages of the console refer to can be read where no repository is at hand.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Page, PageHeader } from '@/components/shell/page-header';
import { Panel } from '@/components/ui/panel';

type Props = { params: Promise<{ page: string }> };

// Paths are written out: Next copies into the server what it finds named so (next.config.ts says it too).
const pages: Record<string, { title: string; text: () => Promise<string> }> = {
  permissions: {
    title: 'Permissions',
    text: () => readFile(join(process.cwd(), 'docs', 'permissions.md'), 'utf8'),
  },
  clusters: {
    title: 'What the pages of a cluster show',
    text: () => readFile(join(process.cwd(), 'docs', 'clusters.md'), 'utf8'),
  },
};
const pageOf = (name: string) => (Object.hasOwn(pages, name) ? pages[name] : undefined) ?? notFound();

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: pageOf((await params).page).title };
}

export default async function ManualPage({ params }: Props) {
  const { page } = await params;
  const { title, text } = pageOf(page);
  return (
    <Page>
      <PageHeader title={title} status={<span className="text-soft">docs/{page}.md</span>} />
      <Panel>
        <div className="max-w-[104ch] whitespace-pre-wrap break-words p-4 font-mono text-[13px]/5">
          {await text()}
        </div>
      </Panel>
    </Page>
  );
}
