// A modal dialog. It draws its own overlay: Radix' overlay injects a style element, which the content security policy forbids.
'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button';
import { cn } from './cn';
import { useFocusBack } from './focus-back';

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  className,
  children,
}: {
  open: boolean;
  /** Without it the dialog cannot be closed: it stands until its cause is gone. */
  onOpenChange?: (open: boolean) => void;
  title: string;
  description?: string;
  className?: string;
  children: ReactNode;
}) {
  const giveFocusBack = useFocusBack(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div aria-hidden data-dialog-open className="fixed inset-0 z-40 bg-black/50" />
        <Radix.Content
          onCloseAutoFocus={giveFocusBack}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cn(
            'fixed top-[12vh] left-1/2 z-50 flex max-h-[80vh] w-[min(560px,calc(100vw-32px))] -translate-x-1/2 flex-col overflow-auto rounded-lg border border-edge bg-panel',
            className,
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4">
            <div>
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description ? (
                <Radix.Description className="text-soft">{description}</Radix.Description>
              ) : null}
            </div>
            {onOpenChange ? (
              <Radix.Close asChild>
                <Button kind="bare" size="icon" aria-label="Close">
                  <X aria-hidden size={16} />
                </Button>
              </Radix.Close>
            ) : null}
          </header>
          <div className="px-5 pt-3 pb-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
