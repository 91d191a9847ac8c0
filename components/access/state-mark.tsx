// The state of a person, a key or a request as shape, word and colour.
import type { ReactNode } from 'react';
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';

export function StateMark({
  shape,
  title,
  children,
}: {
  shape: Shape;
  /** What there is to know of it, on hover. */
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-2 align-middle" title={title}>
      <StateShape shape={shape} />
      <span className="truncate">{children}</span>
    </span>
  );
}
