// The head of a page about something with a state: name, state and since when, age of the numbers, actions, and why the last one failed.
'use client';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { Lasting } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { AsOf } from '@/components/shell/freshness';
import { type Crumb, PageHeader } from '@/components/shell/page-header';
import { Banner } from '@/components/ui/notice';
import { StateBadge } from './state-badge';
import type { AnyState } from './states';

export function StateHeader({
  title,
  crumbs,
  state,
  since,
  attention,
  detail,
  asOf,
  actions,
  main,
  error,
}: {
  title: string;
  crumbs: Crumb[];
  state: AnyState;
  /** Ms since the epoch at which the state began. */
  since: number;
  attention: boolean;
  detail: string | null;
  asOf: number | null;
  actions: Action[];
  /** Ids of those that stand beside each other; without it all do. */
  main?: readonly string[];
  /** Of the last action. */
  error: Error | null;
}) {
  const failure = failureFrom(error);
  return (
    <>
      <PageHeader
        title={title}
        mono
        crumbs={crumbs}
        status={
          <span className="flex items-center gap-2">
            <StateBadge state={state} attention={attention} detail={detail} />
            <span className="text-soft">
              for <Lasting since={since} />
            </span>
          </span>
        }
        actions={
          <>
            <span className="pr-1 max-md:w-full">
              <AsOf asOf={asOf} />
            </span>
            <ActionBar actions={actions} {...(main && { main })} />
          </>
        }
      />
      {failure ? <Banner tone="bad" title={failure.message} live /> : null}
    </>
  );
}
