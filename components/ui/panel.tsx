// A bordered area with an optional heading. No shadows: a hairline is enough.
import type { ReactNode } from 'react';
import { cn } from './cn';

export function Panel({
  title,
  aside,
  id,
  className,
  children,
}: {
  title?: string;
  aside?: ReactNode;
  id?: string;
  className?: string;
  children: ReactNode;
}) {
  const headingId = id && title ? `${id}-title` : undefined;
  return (
    <section
      id={id}
      aria-labelledby={headingId}
      className={cn('min-w-0 overflow-clip rounded-lg border bg-panel', className)}
    >
      {title ? (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b px-4 py-1.5">
          <h2 id={headingId} className="font-semibold">
            {title}
          </h2>
          {aside}
        </header>
      ) : null}
      {children}
    </section>
  );
}

/** A row of figures divided by hairlines. A last row that is not full has no lines. */
export function Figures({ children, label }: { children: ReactNode; label: string }) {
  return (
    <section aria-label={label} className="overflow-clip rounded-lg border bg-panel">
      <dl className="grid grid-cols-2 gap-px md:grid-cols-[repeat(auto-fit,minmax(168px,1fr))]">
        {children}
      </dl>
    </section>
  );
}

export function Figure({
  label,
  children,
  note,
  className,
}: {
  label: string;
  children: ReactNode;
  note?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn('flex min-w-0 flex-col gap-1 px-4 py-3 shadow-[0_0_0_1px_var(--line)]', className)}>
      <dt className="text-xs text-soft">{label}</dt>
      <dd className="text-xl/7 font-semibold wrap-anywhere">{children}</dd>
      {note ? <dd className="text-xs text-soft">{note}</dd> : null}
    </div>
  );
}
