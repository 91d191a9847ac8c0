// The stages of a connection check in their order: done with its time, failed with the reason, or not run — never a tick for what did not run.
import { StateShape } from '@/components/links/state-badge';
import type { CheckResult, CheckStage } from '@/lib/contracts/cluster';
import { formatMillis } from '@/lib/format';

const names: Record<CheckStage, string> = {
  RESOLVE: 'Name resolves',
  TCP: 'TCP connection',
  TLS: 'TLS',
  SASL: 'Sign-in (SASL)',
  API_VERSIONS: 'API versions',
  CLUSTER_ID: 'Cluster id',
  METADATA: 'Metadata and brokers',
  SCRATCH_TOPIC: 'Scratch topic',
  RIGHTS: 'Rights',
};
const marks = {
  OK: { shape: 'circle', word: 'OK' },
  FAILED: { shape: 'square', word: 'Failed' },
  NOT_RUN: { shape: 'hollow', word: 'Not run' },
} as const;

export function StageList({ checks, label }: { checks: CheckResult[]; label: string }) {
  return (
    <ol aria-label={label} className="divide-y">
      {checks.map((check) => {
        const mark = marks[check.status];
        return (
          <li
            key={check.stage}
            className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-2"
          >
            <StateShape shape={mark.shape} />
            <div className="min-w-0">
              <p>
                <span className="font-medium">{names[check.stage]}</span>{' '}
                <span className="text-soft">{mark.word}</span>
              </p>
              {check.message ? (
                <p className={check.status === 'FAILED' ? 'break-words' : 'break-words text-soft'}>
                  {check.message}
                </p>
              ) : null}
            </div>
            <span className="text-[13px] text-soft">
              {check.durationMs === null ? '' : formatMillis(check.durationMs)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** The stages before they have run, in the shape of the list. */
export function StagesRunning({ stages, label }: { stages: CheckStage[]; label: string }) {
  return (
    <ol aria-label={label} aria-busy="true" className="divide-y">
      {stages.map((stage) => (
        <li key={stage} className="flex items-baseline gap-3 px-4 py-2 text-soft">
          <StateShape shape="ring" />
          {names[stage]}
        </li>
      ))}
    </ol>
  );
}
