// A short explanation on hover and on keyboard focus. Its trigger must be focusable.
'use client';
import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn';

export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-80 rounded-md border border-edge bg-raised px-2.5 py-1.5 text-[13px]/5 text-text"
        >
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A value that needs a word of explanation: underlined with dots, reachable by keyboard. */
export function Explained({
  why,
  className,
  children,
}: {
  why: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Tooltip text={why}>
      <button
        type="button"
        className={cn(
          'cursor-help underline decoration-edge decoration-dotted underline-offset-4',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
