// How an operation ended, as shape + word + colour; and what is CRITICAL.
import { OctagonAlert } from 'lucide-react';
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';
import type { AuditOutcome } from '@/lib/contracts/audit';

const looks: Record<AuditOutcome, { shape: Shape; word: string; title: string }> = {
  OK: { shape: 'circle', word: 'Done', title: 'It was done.' },
  FAILED: { shape: 'square', word: 'Failed', title: 'It was tried and failed.' },
  REFUSED: { shape: 'triangle', word: 'Refused', title: 'It was not allowed.' },
  PENDING: { shape: 'ring', word: 'Running', title: 'It is being done now.' },
  OBSERVED: {
    shape: 'hollow',
    word: 'Observed',
    title: 'The server stopped before its end was recorded; at the next start it wrote down what it saw.',
  },
  UNKNOWN: { shape: 'hollow', word: 'Unknown', title: 'Its end was never recorded.' },
};

export function Outcome({ outcome }: { outcome: AuditOutcome }) {
  const { shape, word, title } = looks[outcome];
  return (
    <span className="inline-flex items-center gap-2" title={title}>
      <StateShape shape={shape} />
      {word}
    </span>
  );
}

/** @param short on a narrow screen the sign alone, where the word would hide what was done */
export function CriticalMark({ short = false }: { short?: boolean }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-1 font-medium text-bad">
      <OctagonAlert aria-hidden size={14} />
      <span className={short ? 'max-md:sr-only' : undefined}>Critical</span>
    </span>
  );
}

export const outcomeWord = (outcome: AuditOutcome): string => looks[outcome].word;
