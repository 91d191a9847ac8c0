// The steps of an operation: state, since when, for how long, and what each waits for or has found. A line shows from where on there is no way back.
'use client';
import { StateShape } from '@/components/links/state-badge';
import { Lasting } from '@/components/shell/age';
import { cn } from '@/components/ui/cn';
import { Panel } from '@/components/ui/panel';
import type { OperationStep } from '@/lib/contracts/operation';
import { formatClock, formatDateTime, formatDuration } from '@/lib/format';
import { stepLook, stepMeaning, stepWord } from './words';

export function StepList({ steps, ended }: { steps: OperationStep[]; ended: boolean }) {
  return (
    <Panel title="Steps" id="steps">
      {steps.length === 0 ? (
        <p className="px-4 py-3 text-soft">
          {ended ? 'No step was begun.' : 'The engine has not begun yet: its steps appear here.'}
        </p>
      ) : (
        <ol>
          {steps.map((step) => (
            <Step key={step.name} step={step} ended={ended} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Step({ step, ended }: { step: OperationStep; ended: boolean }) {
  const { shape, word } = stepLook[step.state];
  const running = step.state === 'RUNNING';
  const neverTaken = ended && step.state === 'PENDING';
  return (
    <>
      {step.name === 'FENCE' ? <NoWayBack passed={step.state === 'DONE' || running} /> : null}
      <li
        aria-current={running ? 'step' : undefined}
        className={cn(
          'grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-0.5 border-b px-4 py-2 last:border-b-0 md:grid-cols-[190px_112px_minmax(0,1fr)_168px]',
          running && 'bg-accent-soft',
        )}
      >
        <h3 className={cn('font-medium', step.state === 'PENDING' && 'font-normal text-soft')}>
          {stepWord[step.name]}
        </h3>
        <span className="inline-flex items-center gap-2 self-start">
          <StateShape shape={shape} />
          <span className={cn(step.state === 'PENDING' && 'text-soft')}>
            {neverTaken ? 'Not taken' : word}
          </span>
        </span>
        <p
          className={cn(
            'break-words max-md:col-span-2',
            step.detail === null || step.state === 'PENDING' ? 'text-soft' : '',
          )}
        >
          {step.detail ?? stepMeaning[step.name]}
        </p>
        <Times step={step} />
      </li>
    </>
  );
}

function Times({ step: { state, since, endedAt } }: { step: OperationStep }) {
  if (since === null || state === 'SKIPPED') return <span className="max-md:hidden" />;
  return (
    <span
      className="whitespace-nowrap text-soft max-md:col-span-2 md:text-right"
      title={`since ${formatDateTime(since)}`}
    >
      {formatClock(since)} ·{' '}
      {endedAt === null ? (
        <Lasting since={since} />
      ) : (
        formatDuration(Math.max(0, Math.round((endedAt - since) / 100) / 10))
      )}
    </span>
  );
}

/** Not a step: what is above can be taken back, what is below cannot. */
function NoWayBack({ passed }: { passed: boolean }) {
  return (
    <li className="flex items-center gap-3 border-b bg-raised px-4 py-1 text-[13px] text-soft">
      <span aria-hidden className="h-px flex-1 bg-edge" />
      {passed ? 'From here on there was no way back' : 'From here on there is no way back'}
      <span aria-hidden className="h-px flex-1 bg-edge" />
    </li>
  );
}
