// What the rule of an alert says to look at first, why it matters, and the way to its thresholds.
import Link from 'next/link';
import { ruleHref } from '@/components/health/paths';
import type { ApiFailure } from '@/components/shell/api-client';
import { Panel } from '@/components/ui/panel';
import { Bar, Loading } from '@/components/ui/skeleton';
import type { RuleInfo } from '@/lib/contracts/monitoring/rules';

export function FirstSteps({
  rule,
  ruleId,
  failure,
}: {
  rule: RuleInfo | undefined;
  ruleId: string;
  failure: ApiFailure | null;
}) {
  return (
    <Panel title="First steps" id="steps">
      <div className="flex flex-col gap-3 px-4 py-3">
        {rule ? (
          <>
            <ol className="list-decimal space-y-1.5 pl-5 marker:text-soft">
              {rule.steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            <p className="text-soft">
              <span className="font-medium text-text">Why it matters.</span> {rule.why}
            </p>
          </>
        ) : failure ? (
          <p className="break-words text-bad">The rule cannot be read: {failure.message}</p>
        ) : (
          <Loading label="Loading the rule">
            <div className="flex flex-col gap-3 py-1">
              <Bar className="w-full" />
              <Bar className="w-4/5" />
            </div>
          </Loading>
        )}
        <p>
          <Link href={ruleHref(ruleId)} className="underline decoration-edge underline-offset-2">
            The rule and its thresholds
          </Link>{' '}
          <span className="font-mono text-[13px] text-soft">{ruleId}</span>
        </p>
      </div>
    </Panel>
  );
}
