// Health → Silences: which alerts nobody is told of, until when, who wants it so and why; begin one, end one.
'use client';
import { BellOff } from 'lucide-react';
import { useMemo, useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import type { Action } from '@/components/actions/action';
import { useActions } from '@/components/actions/actions-provider';
import { useEndSilence, useSilences } from '@/components/health/changes';
import { HealthTabs } from '@/components/health/health-tabs';
import { pinnedLabels, useTargetOf } from '@/components/health/target';
import { matcherText } from '@/components/health/words';
import { useHubConsoles } from '@/components/hub/queries';
import { StateShape } from '@/components/links/state-badge';
import { Age } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { AsOf } from '@/components/shell/freshness';
import { JUDGED_STALE_AFTER_MS } from '@/components/shell/intervals';
import { useIsHub } from '@/components/shell/mode';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useNow } from '@/components/shell/use-now';
import { Empty } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { AlertMatcher, Silence } from '@/lib/contracts/monitoring/silences';
import { formatDateTime, formatDuration } from '@/lib/format';
import { BeginSilence } from './begin-silence';

export function SilencesPage() {
  const query = useSilences();
  const [beginning, setBeginning] = useState(false);
  const matchers = useFirstMatchers();
  const mayNot = useWhyNot()('operator', 'somewhere');
  const actions = useMemo(
    (): Action[] => [
      {
        id: 'silence.begin',
        label: 'Silence alerts…',
        group: 'This page',
        icon: BellOff,
        keywords: 'mute maintenance quiet',
        disabledWhy: mayNot,
        perform: () => setBeginning(true),
      },
    ],
    [mayNot],
  );
  useActions(actions);
  return (
    <Page>
      <PageHeader
        title="Silences"
        actions={
          <>
            {query.data ? <AsOf asOf={query.data.asOf} /> : null}
            <GuardedButton kind="primary" whyNot={mayNot} onClick={() => setBeginning(true)}>
              <BellOff aria-hidden size={15} />
              Silence alerts…
            </GuardedButton>
          </>
        }
      />
      <HealthTabs here="silences" />
      <QueryView
        query={query}
        what="the silences"
        snapshotOf={({ asOf }) => ({ asOf, staleAfterMs: JUDGED_STALE_AFTER_MS })}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-2.5', 'w-64', 'flex-1', 'w-32']} />
          </div>
        }
      >
        {({ silences, asOf }) =>
          silences.length === 0 ? (
            <Empty title="Nothing is silenced">
              A silence keeps alerts from being sent while work is under way. It has an end and says why;
              alerts are still raised, and shown under Health. Ended ones are listed here for 30 days.
            </Empty>
          ) : (
            <Lists silences={silences} asOf={asOf} />
          )
        }
      </QueryView>
      {beginning ? <BeginSilence matchers={matchers} onClose={() => setBeginning(false)} /> : null}
    </Page>
  );
}

/** On a hub, of a console: the one that is operated, where not all are. */
function useFirstMatchers(): AlertMatcher[] {
  const isHub = useIsHub();
  const whyNot = useWhyNot();
  const consoles = useHubConsoles(isHub).data?.consoles ?? [];
  if (!isHub) return [];
  const own = consoles.find(({ name }) => whyNot('operator', { kind: 'console', console: name }) === null);
  const value = whyNot('operator', everywhere) === null ? '' : (own?.name ?? '');
  return [{ label: 'console', op: 'is', value }];
}

function Lists({ silences, asOf }: { silences: Silence[]; asOf: number }) {
  const now = useNow() ?? asOf;
  const until = (a: Silence, b: Silence) => a.until - b.until;
  const holding = silences.filter(({ from, until }) => from <= now && now < until).sort(until);
  const planned = silences.filter(({ from }) => from > now).sort((a, b) => a.from - b.from);
  const ended = silences.filter(({ until }) => until <= now).sort((a, b) => until(b, a));
  return (
    <>
      <List title="Now" id="now" silences={holding} now={now} none="Nothing is silenced now." />
      {planned.length > 0 ? <List title="Planned" id="planned" silences={planned} now={now} none="" /> : null}
      {ended.length > 0 ? <List title="Ended" id="ended" silences={ended} now={now} none="" /> : null}
    </>
  );
}

function List({
  title,
  id,
  silences,
  now,
  none,
}: {
  title: string;
  id: string;
  silences: Silence[];
  now: number;
  none: string;
}) {
  return (
    <Panel title={title} id={id}>
      {silences.length === 0 ? (
        <p className="px-4 py-3 text-soft">{none}</p>
      ) : (
        <ul className="divide-y">
          {silences.map((silence) => (
            <Item key={silence.id} silence={silence} now={now} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Item({ silence, now }: { silence: Silence; now: number }) {
  const { matchers, from, until, by, why } = silence;
  const end = useEndSilence();
  const targetOf = useTargetOf();
  const mayNot = useWhyNot()('operator', targetOf(pinnedLabels(matchers)));
  const failure = failureFrom(end.error);
  const what = matchers.length === 0 ? 'Every alert' : matchers.map(matcherText).join(', ');
  const isOver = until <= now;
  return (
    <li className="flex flex-col gap-2 px-4 py-2.5">
      <div className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1 md:grid-cols-[auto_minmax(0,1fr)_300px_104px]">
        <StateShape shape={isOver ? 'stopped' : from > now ? 'ring' : 'bars'} />
        <div className="min-w-0">
          <p className="font-mono text-[13px] break-words">{what}</p>
          <p className="break-words text-soft">
            {why} · {by}
          </p>
        </div>
        <p
          className="text-soft max-md:col-start-2"
          title={`${formatDateTime(from)} to ${formatDateTime(until)}`}
        >
          {isOver ? (
            <>
              ended <Age at={until} />, after {formatDuration(Math.round((until - from) / 1000))}
            </>
          ) : from > now ? (
            `${formatDateTime(from).slice(5, 16)} to ${formatDateTime(until).slice(5, 16)}`
          ) : (
            `${formatDuration(Math.ceil((until - now) / 1000))} left, until ${formatDateTime(until).slice(5, 16)}`
          )}
        </p>
        {isOver ? null : (
          <span className="max-md:col-start-2 md:text-right">
            <GuardedButton
              size="small"
              whyNot={mayNot}
              disabled={end.isPending}
              aria-label={`End the silence of ${what}`}
              onClick={() => end.mutate(silence.id)}
            >
              {end.isPending ? 'Ending…' : from > now ? 'Drop' : 'End now'}
            </GuardedButton>
          </span>
        )}
      </div>
      <Refusal failure={failure} />
    </li>
  );
}
