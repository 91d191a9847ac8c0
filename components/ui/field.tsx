// Form fields: label, control, hint, and the error at the field that it belongs to.
'use client';
import { createContext, type ReactNode, use, useId } from 'react';
import { cn } from './cn';

type Wiring = { id: string; describedBy: string | undefined; invalid: boolean };
const FieldContext = createContext<Wiring | null>(null);

export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  const describedBy =
    [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(' ') || undefined;
  return (
    <FieldContext value={{ id, describedBy, invalid: Boolean(error) }}>
      <div className={cn('flex flex-col gap-1', className)}>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {children}
        {error ? (
          <p id={`${id}-error`} className="text-[13px] text-bad">
            {error}
          </p>
        ) : null}
        {hint ? (
          <p id={`${id}-hint`} className="text-[13px] text-soft">
            {hint}
          </p>
        ) : null}
      </div>
    </FieldContext>
  );
}

const control =
  'w-full min-w-0 rounded-md border border-edge bg-bg px-2.5 text-text aria-invalid:border-bad disabled:border-line disabled:text-soft';

function useWiring() {
  const wiring = use(FieldContext);
  if (!wiring) return {};
  return {
    id: wiring.id,
    'aria-describedby': wiring.describedBy,
    'aria-invalid': wiring.invalid || undefined,
  };
}

export function Input({ className, ...rest }: React.ComponentProps<'input'>) {
  return <input className={cn(control, 'h-8', className)} autoComplete="off" {...useWiring()} {...rest} />;
}

export function TextArea({ className, ...rest }: React.ComponentProps<'textarea'>) {
  return <textarea className={cn(control, 'py-1.5', className)} {...useWiring()} {...rest} />;
}

export function Select({ className, ...rest }: React.ComponentProps<'select'>) {
  return <select className={cn(control, 'h-8 pr-8', className)} {...useWiring()} {...rest} />;
}

export function Check({ label, className, ...rest }: React.ComponentProps<'input'> & { label: ReactNode }) {
  return (
    <label className={cn('inline-flex items-center gap-2 align-middle', className)}>
      <input type="checkbox" className="size-4 shrink-0 accent-accent" {...rest} />
      {label}
    </label>
  );
}
