// The frame of the pages in front of the console: the mark, one panel, nothing to look at before one is in.
import type { ReactNode } from 'react';
import { Mark } from '@/components/shell/mark';

export function EntranceFrame({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[400px] flex-col justify-center gap-6 px-4 py-10">
      <p className="flex items-center gap-2 font-semibold">
        <Mark />
        Landbridge
      </p>
      <section className="flex flex-col gap-5 rounded-lg border bg-panel p-6">
        <header className="flex flex-col gap-1">
          <h1 className="text-xl/8 font-semibold">{title}</h1>
          {lead ? <p className="text-soft">{lead}</p> : null}
        </header>
        {children}
      </section>
    </main>
  );
}
