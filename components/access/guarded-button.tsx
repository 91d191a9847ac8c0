// A button that stays visible when its action is not allowed, and says why. For buttons outside of an action bar.
'use client';
import type { ComponentProps } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';

export function GuardedButton({
  whyNot,
  onClick,
  ...rest
}: ComponentProps<typeof Button> & { whyNot: string | null }) {
  if (whyNot === null) return <Button onClick={onClick} {...rest} />;
  return (
    <Tooltip text={whyNot}>
      <Button aria-disabled {...rest} />
    </Tooltip>
  );
}

/** Without the right it is a button that leads nowhere: a link cannot be disabled. */
export function GuardedLink({
  whyNot,
  href,
  children,
  kind,
}: ComponentProps<typeof ButtonLink> & { whyNot: string | null }) {
  if (whyNot === null) {
    return (
      <ButtonLink kind={kind} href={href}>
        {children}
      </ButtonLink>
    );
  }
  return (
    <Tooltip text={whyNot}>
      <Button aria-disabled>{children}</Button>
    </Tooltip>
  );
}
