// The top of every page: where it is, what it shows, how old that is, and what can be done.
import Link from 'next/link';
import type { ReactNode } from 'react';

export type Crumb = { href: string; label: string };

export function PageHeader({
  crumbs = [],
  title,
  mono = false,
  status,
  actions,
}: {
  crumbs?: Crumb[];
  title: string;
  /** The title is a name typed elsewhere. */
  mono?: boolean;
  status?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {crumbs.length > 0 ? (
          <nav aria-label="Breadcrumb">
            <ol className="flex flex-wrap gap-x-1.5 text-[13px] text-soft">
              {crumbs.map((crumb) => (
                <li key={crumb.href}>
                  <Link href={crumb.href} className="hover:text-text hover:underline">
                    {crumb.label}
                  </Link>
                  <span aria-hidden> /</span>
                </li>
              ))}
            </ol>
          </nav>
        ) : null}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className={`text-xl/8 font-semibold break-all ${mono ? 'font-mono' : ''}`}>{title}</h1>
          {status}
        </div>
      </div>
      {actions ? <div className="flex min-h-8 flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}

/** The space that every page has around and between its parts. */
export function Page({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-4">{children}</div>;
}
