// How an operation stands, as shape + word, with its step behind the word while it goes on.
import { StateShape } from '@/components/links/state-badge';
import { cn } from '@/components/ui/cn';
import type { OperationRow } from '@/lib/contracts/operation';
import { outcomeLook, stepWord } from './words';

export const stepAt = (operation: Pick<OperationRow, 'steps'>) =>
  operation.steps.find(({ state }) => state === 'RUNNING' || state === 'FAILED') ?? null;

export function OperationBadge({
  operation,
  className,
}: {
  operation: Pick<OperationRow, 'outcome' | 'cancelAsked' | 'steps'>;
  className?: string;
}) {
  const { shape, word } = outcomeLook(operation.outcome, operation.cancelAsked);
  const step = operation.outcome === null || operation.outcome === 'FAILED' ? stepAt(operation) : null;
  return (
    <span className={cn('inline-flex min-w-0 items-center gap-2', className)}>
      <StateShape shape={shape} />
      <span className="truncate">
        {word}
        {step ? ` · ${stepWord[step.name].toLowerCase()}` : ''}
      </span>
    </span>
  );
}
