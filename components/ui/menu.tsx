// A menu under its button: the frame of every menu of the console. Its items are Radix' own.
'use client';
import { DropdownMenu } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';

export function Menu({
  trigger,
  className,
  children,
  ...content
}: { trigger: ReactNode } & ComponentProps<typeof DropdownMenu.Content>) {
  return (
    // Not modal: that would inject a style element, which the content security policy forbids.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            'z-50 flex max-h-(--radix-dropdown-menu-content-available-height) flex-col overflow-auto rounded-md border border-edge bg-panel p-1',
            className,
          )}
          {...content}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
