// Buttons, and links that look like them. One primary action a page; danger is a colour of its own.
import { cva, type VariantProps } from 'class-variance-authority';
import Link from 'next/link';
import type { ComponentProps } from 'react';
import { cn } from './cn';

const look = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-md border font-medium disabled:cursor-not-allowed aria-disabled:cursor-not-allowed',
  {
    variants: {
      kind: {
        primary:
          'border-accent bg-accent text-on-accent hover:brightness-110 disabled:border-line disabled:bg-raised disabled:text-soft disabled:brightness-100 aria-disabled:border-line aria-disabled:bg-raised aria-disabled:text-soft aria-disabled:brightness-100',
        plain:
          'border-line bg-panel text-text hover:bg-raised disabled:text-soft disabled:hover:bg-panel aria-disabled:text-soft',
        danger:
          'border-line bg-panel text-bad hover:border-bad hover:bg-bad-soft disabled:border-line disabled:text-soft aria-disabled:text-soft aria-disabled:hover:border-line aria-disabled:hover:bg-panel',
        bare: 'border-transparent text-soft hover:bg-raised hover:text-text',
      },
      size: { normal: 'h-8 px-3', small: 'h-7 px-2 text-[13px]', icon: 'size-8' },
    },
    defaultVariants: { kind: 'plain', size: 'normal' },
  },
);

type Look = VariantProps<typeof look>;

/** For links that lead out of the console. */
export const buttonLook = look;

export function Button({ kind, size, className, type = 'button', ...rest }: ComponentProps<'button'> & Look) {
  return <button type={type} className={cn(look({ kind, size }), className)} {...rest} />;
}

export function ButtonLink({ kind, size, className, ...rest }: ComponentProps<typeof Link> & Look) {
  return <Link className={cn(look({ kind, size }), className)} {...rest} />;
}
