// The steps of creating a link: where one is, what is done; done steps can be gone back to.
'use client';
import { cn } from '@/components/ui/cn';
import { type Step, steps } from './draft';

const words: Record<Step, string> = {
  clusters: 'Clusters and name',
  checks: 'Connection checks',
  topics: 'Topics',
  review: 'Review and create',
};

export function Stepper({
  here,
  furthest,
  onGo,
}: {
  here: Step;
  furthest: Step;
  onGo: (step: Step) => void;
}) {
  return (
    <nav aria-label="Steps">
      <ol className="grid grid-cols-4 gap-2">
        {steps.map((step, index) => {
          const reachable = index <= steps.indexOf(furthest);
          const current = step === here;
          return (
            <li key={step}>
              <button
                type="button"
                aria-current={current ? 'step' : undefined}
                disabled={!reachable}
                onClick={() => onGo(step)}
                className={cn(
                  'w-full border-t-2 border-line pt-2 text-left text-soft disabled:cursor-default',
                  index < steps.indexOf(here) && 'border-accent',
                  current && 'border-accent text-text',
                  reachable && !current && 'hover:text-text',
                )}
              >
                <span className="text-[13px]">{index + 1}</span>
                <span className={cn('block', current && 'font-medium', 'max-sm:sr-only')}>{words[step]}</span>
              </button>
            </li>
          );
        })}
      </ol>
      <p className="pt-1 font-medium sm:hidden">{words[here]}</p>
    </nav>
  );
}
