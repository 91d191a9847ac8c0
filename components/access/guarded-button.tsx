// A button that stays visible when its action is not allowed, and says why. For buttons outside of an action bar.
'use client';
import type { ComponentProps } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { signInAgain } from './sign-in-again';

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

/** For what takes a sign-in of the last minutes: where only that is missing, the button leads there and back. */
export function FreshButton({
  step,
  children,
  ...rest
}: Omit<ComponentProps<typeof Button>, 'children'> & {
  step: { whyNot: string | null; signInAgain: boolean };
  children: string;
}) {
  if (!step.signInAgain) {
    return (
      <GuardedButton whyNot={step.whyNot} {...rest}>
        {children}
      </GuardedButton>
    );
  }
  return (
    <Tooltip text={step.whyNot ?? ''}>
      <Button {...rest} disabled={false} onClick={signInAgain}>
        Sign in again to {children.toLowerCase().replace('…', '')}
      </Button>
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
