// One alert: what is wrong, by how much, since when; what to do first; who knows and who was told; acknowledge and silence.
'use client';
import { BellOff, UserCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { ActionBar } from '@/components/actions/action-bar';
import { useActions } from '@/components/actions/actions-provider';
import { About } from '@/components/health/about';
import { useAcknowledge } from '@/components/health/changes';
import { AskWhy } from '@/components/health/confirm';
import { healthHref } from '@/components/health/paths';
import { useAlert, useJudgedStaleMs, useRules } from '@/components/health/queries';
import { SeverityBadge } from '@/components/health/severity';
import { BeginSilence } from '@/components/health/silences/begin-silence';
import { useTargetOf } from '@/components/health/target';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ButtonLink } from '@/components/ui/button';
import { Banner, Missing } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { Bar, TableSkeleton } from '@/components/ui/skeleton';
import type { AlertDetail, AlertRow } from '@/lib/contracts/monitoring/alerts';
import type { AlertMatcher } from '@/lib/contracts/monitoring/silences';
import { formatDateTime } from '@/lib/format';
import { AffectedItems } from './affected-items';
import { AlertChart } from './alert-chart';
import { AlertDeliveries } from './alert-deliveries';
import { AlertFigures } from './alert-figures';
import { AlertList } from './alert-list';
import { AlertTimeline } from './alert-timeline';
import { FirstSteps } from './first-steps';

const crumbs = [{ href: healthHref, label: 'Health' }];

export function AlertPage({ id }: { id: string }) {
  const query = useAlert(id);
  const alert = query.data?.alert;
  const console = alert?.console || undefined;
  const rules = useRules(console);
  const staleAfterMs = useJudgedStaleMs();
  const rule = rules.data?.rules.find((one) => one.id === alert?.rule);
  const at = rules.data?.at ?? null;
  return (
    <Page>
      {alert ? <Header alert={alert} /> : <PageHeader title="Alert" crumbs={crumbs} />}
      <QueryView
        query={query}
        what="the alert"
        // One that is over does not get old.
        snapshotOf={(data) => ({
          asOf: data.alert.status === 'RAISED' ? at : null,
          staleAfterMs,
          taken: 'rules were last judged',
        })}
        skeleton={<AlertSkeleton />}
        missing={
          <Missing
            title="There is no such alert"
            actions={<ButtonLink href={healthHref}>All alerts</ButtonLink>}
          >
            You may not see what it is about, or it was cleared so long ago that it is not kept any more.
          </Missing>
        }
      >
        {(detail) => <Body detail={detail} rule={rule} rulesFailure={failureFrom(rules.error)} />}
      </QueryView>
    </Page>
  );
}

/** Of this alert, as long as the rule finds the same thing wrong. */
const matchersFor = ({ rule, labels }: AlertRow): AlertMatcher[] =>
  [['rule', rule] as const, ...Object.entries(labels)].map(([label, value]) => ({ label, op: 'is', value }));

function Header({ alert }: { alert: AlertRow }) {
  const [open, setOpen] = useState<'acknowledge' | 'silence' | null>(null);
  const acknowledge = useAcknowledge(alert.id);
  const targetOf = useTargetOf();
  const mayNot = useWhyNot()('operator', targetOf(alert.labels));
  const isOver = alert.status === 'CLEARED';
  const known = alert.acknowledged;
  const actions = useMemo((): Action[] => {
    const over = isOver ? 'It is over: there is nothing to be done about it.' : null;
    return [
      {
        id: 'alert.acknowledge',
        label: known ? 'Take over…' : 'Acknowledge…',
        group: 'This page',
        icon: UserCheck,
        keywords: 'take ack mine',
        disabledWhy: over ?? mayNot,
        perform: () => setOpen('acknowledge'),
      },
      {
        id: 'alert.silence',
        label: 'Silence…',
        group: 'This page',
        icon: BellOff,
        keywords: 'mute quiet maintenance',
        disabledWhy: over ?? mayNot,
        perform: () => setOpen('silence'),
      },
    ];
  }, [isOver, known, mayNot]);
  useActions(actions);
  const close = () => setOpen(null);
  return (
    <>
      <PageHeader
        title={alert.title}
        crumbs={crumbs}
        status={
          <>
            <SeverityBadge severity={isOver ? alert.worst : alert.severity} over={isOver} />
            {isOver ? <span className="text-soft">over</span> : null}
          </>
        }
        actions={<ActionBar actions={actions} primary={isOver || known ? undefined : 'alert.acknowledge'} />}
      />
      <div className="-mt-2 flex flex-col gap-1">
        <p>
          <About labels={alert.labels} />
        </p>
        <p className="max-w-[90ch] break-words">{alert.message}</p>
      </div>
      {!isOver && !alert.known ? (
        <Banner
          tone="warn"
          title={
            alert.lastNumberAt === null
              ? 'There is no number for it now'
              : `No number since ${formatDateTime(alert.lastNumberAt)}`
          }
        >
          The last looks could not see what it is about. It stays raised, as it was last seen, until it can be
          told whether it is over.
        </Banner>
      ) : null}
      {open === 'acknowledge' ? (
        <AskWhy
          title={known ? 'Take the alert over' : 'Acknowledge the alert'}
          label="What is done about it"
          hint="Others see that you know, and why they need not. It is not sent again as long as it gets no graver; it stays raised until it is over."
          placeholder="Disk is being replaced, ticket 4711"
          confirmLabel={known ? 'Take over' : 'Acknowledge'}
          busy={acknowledge.isPending}
          failure={failureFrom(acknowledge.error)}
          onConfirm={(why) => acknowledge.mutate({ why, from: known?.by ?? null }, { onSuccess: close })}
          onClose={close}
        >
          {known ? (
            <p>
              {known.by} has acknowledged it: “{known.why}” It is yours from then on.
            </p>
          ) : null}
        </AskWhy>
      ) : null}
      {open === 'silence' ? <BeginSilence matchers={matchersFor(alert)} onClose={close} /> : null}
    </>
  );
}

type Library = NonNullable<ReturnType<typeof useRules>['data']>;

function Body({
  detail,
  rule,
  rulesFailure,
}: {
  detail: AlertDetail;
  rule: Library['rules'][number] | undefined;
  rulesFailure: ReturnType<typeof failureFrom>;
}) {
  const { alert, changes, children } = detail;
  const isYesNo = rule?.thresholds.length === 0;
  return (
    <>
      <AlertFigures alert={alert} isYesNo={isYesNo} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <AlertChart alert={alert} rule={rule} />
          <AlertTimeline alert={alert} changes={changes} isYesNo={isYesNo} />
          {children.length > 0 ? (
            <Panel title="Alerts that follow from it" id="children">
              <AlertList alerts={children} label="Alerts that follow from this one" under={alert.id} />
            </Panel>
          ) : null}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <FirstSteps rule={rule} ruleId={alert.rule} failure={rulesFailure} />
          <AffectedItems affected={alert.affected} />
          <AlertDeliveries alert={alert.id} />
        </div>
      </div>
    </>
  );
}

function AlertSkeleton() {
  return (
    <div className="flex flex-col gap-4" aria-hidden>
      <Bar className="w-96 max-w-full" />
      <div className="h-20 rounded-lg border bg-panel" />
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="h-64 rounded-lg border bg-panel" />
        <div className="overflow-clip rounded-lg border bg-panel">
          <TableSkeleton rows={4} widths={['w-3', 'flex-1']} />
        </div>
      </div>
    </div>
  );
}
