// The designs of "nothing here", "failed", "forbidden" and of warnings above live numbers. Each has its own shape.
import { CircleSlash, Lock, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';

const tones = {
  warn: {
    box: 'border-warn bg-warn-soft',
    icon: <TriangleAlert aria-hidden className="text-warn" size={18} />,
  },
  bad: { box: 'border-bad bg-bad-soft', icon: <OctagonAlert aria-hidden className="text-bad" size={18} /> },
};

/** A strip above content: what is wrong, since when, what to do. */
export function Banner({
  tone,
  title,
  children,
  live = false,
}: {
  tone: keyof typeof tones;
  title: string;
  children?: ReactNode;
  /** Announce it to screen readers when it appears. */
  live?: boolean;
}) {
  return (
    <div
      role={live ? 'status' : undefined}
      className={cn('flex gap-3 rounded-lg border px-4 py-2.5', tones[tone].box)}
    >
      <span className="pt-px">{tones[tone].icon}</span>
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        {children ? <div className="break-words">{children}</div> : null}
      </div>
    </div>
  );
}

function Block({
  icon,
  title,
  children,
  actions,
  className,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn('flex flex-col items-start gap-3 rounded-lg border bg-panel p-6', className)}>
      {icon}
      <h2 className="text-base font-semibold">{title}</h2>
      {children ? <div className="max-w-[68ch] break-words text-soft">{children}</div> : null}
      {actions ? <div className="flex flex-wrap gap-2 pt-1">{actions}</div> : null}
    </div>
  );
}

export function Empty(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return <Block {...props} className="border-dashed border-edge bg-transparent" />;
}

export function Failed(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <Block
      {...props}
      className="border-bad"
      icon={<OctagonAlert aria-hidden className="text-bad" size={20} />}
    />
  );
}

export function Forbidden(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return <Block {...props} icon={<Lock aria-hidden className="text-soft" size={20} />} />;
}

export function Missing(props: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return <Block {...props} icon={<CircleSlash aria-hidden className="text-soft" size={20} />} />;
}
