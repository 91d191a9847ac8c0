// Which alerts go to which channels: an alert goes to the channels of every route that matches it. All are saved at once.
'use client';
import { ChevronDown, ChevronUp, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { useSetRoutes } from '@/components/health/changes';
import { severityWord } from '@/components/health/severity';
import { MatchersField } from '@/components/health/silences/matchers-field';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Check, Field, Select } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import type { ChannelView, Route } from '@/lib/contracts/monitoring/channels';
import { type Severity, severities } from '@/lib/contracts/monitoring/rules';
import { newRoute, type RouteDraft, routeDrafts, routeProblem, routesOf } from './route-draft';
import { RouteList } from './route-list';

export function RoutesPanel({
  routes,
  channels,
  whyNot,
}: {
  routes: Route[];
  channels: ChannelView[];
  whyNot: string | null;
}) {
  const [drafts, setDrafts] = useState<RouteDraft[] | null>(null);
  const noChannels = channels.length === 0 ? 'Add a channel first.' : null;
  return (
    <Panel
      title="Routes"
      id="routes"
      aside={
        drafts ? null : (
          <GuardedButton
            size="small"
            whyNot={whyNot ?? noChannels}
            onClick={() => setDrafts(routes.length === 0 ? [newRoute([], [])] : routeDrafts(routes))}
          >
            Change routes…
          </GuardedButton>
        )
      }
    >
      {drafts ? (
        <Editor drafts={drafts} channels={channels} onChange={setDrafts} onClose={() => setDrafts(null)} />
      ) : (
        <RouteList routes={routes} channels={channels} />
      )}
    </Panel>
  );
}

function Editor({
  drafts,
  channels,
  onChange,
  onClose,
}: {
  drafts: RouteDraft[];
  channels: ChannelView[];
  onChange: (drafts: RouteDraft[]) => void;
  onClose: () => void;
}) {
  const set = useSetRoutes();
  const [tried, setTried] = useState(false);
  const change = (id: string, part: Partial<RouteDraft>) =>
    onChange(drafts.map((one) => (one.id === id ? { ...one, ...part } : one)));
  const move = (from: number, to: number) => {
    const next = [...drafts];
    const [moved] = next.splice(from, 1);
    if (moved) next.splice(to, 0, moved);
    onChange(next);
  };
  const save = () => {
    setTried(true);
    if (drafts.some((one) => routeProblem(one) !== null) || set.isPending) return;
    set.mutate(routesOf(drafts), { onSuccess: onClose });
  };
  return (
    <div className="flex flex-col">
      <ol className="divide-y">
        {drafts.map((draft, i) => (
          <li key={draft.id} className="flex flex-col gap-4 px-4 py-4">
            <div className="flex items-center gap-1">
              <h3 className="mr-auto font-medium">Route {i + 1}</h3>
              <Button
                kind="bare"
                size="icon"
                aria-label={`Move route ${i + 1} up`}
                disabled={i === 0}
                onClick={() => move(i, i - 1)}
              >
                <ChevronUp aria-hidden size={16} />
              </Button>
              <Button
                kind="bare"
                size="icon"
                aria-label={`Move route ${i + 1} down`}
                disabled={i === drafts.length - 1}
                onClick={() => move(i, i + 1)}
              >
                <ChevronDown aria-hidden size={16} />
              </Button>
              <Button
                kind="bare"
                size="icon"
                aria-label={`Remove route ${i + 1}`}
                onClick={() => onChange(drafts.filter(({ id }) => id !== draft.id))}
              >
                <X aria-hidden size={16} />
              </Button>
            </div>
            <RouteFields
              draft={draft}
              channels={channels}
              tried={tried}
              onChange={(part) => change(draft.id, part)}
            />
          </li>
        ))}
        {drafts.length === 0 ? (
          <li className="px-4 py-3 text-warn">Without a route nobody is told of any alert.</li>
        ) : null}
      </ol>
      <div className="flex flex-col gap-3 border-t px-4 py-3">
        <Refusal failure={failureFrom(set.error)} />
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => onChange([...drafts, newRoute(drafts, [])])}>
            <Plus aria-hidden size={15} />
            Add a route
          </Button>
          <span className="ml-auto flex gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" disabled={set.isPending} onClick={save}>
              {set.isPending ? 'Saving…' : 'Save routes'}
            </Button>
          </span>
        </div>
      </div>
    </div>
  );
}

const repeats: [seconds: number, label: string][] = [
  [300, 'every 5 minutes'],
  [900, 'every 15 minutes'],
  [1_800, 'every 30 minutes'],
  [3_600, 'every hour'],
  [14_400, 'every 4 hours'],
  [86_400, 'every day'],
];

function RouteFields({
  draft,
  channels,
  tried,
  onChange,
}: {
  draft: RouteDraft;
  channels: ChannelView[];
  tried: boolean;
  onChange: (part: Partial<RouteDraft>) => void;
}) {
  const { matchers, atLeast, channels: chosen, repeatSeconds } = draft;
  const others = repeats.some(([seconds]) => seconds === repeatSeconds) || repeatSeconds === null;
  const toggle = (id: string, on: boolean) =>
    onChange({ channels: on ? [...chosen, id] : chosen.filter((one) => one !== id) });
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        <Field label="From which severity on">
          <Select value={atLeast} onChange={(event) => onChange({ atLeast: event.target.value as Severity })}>
            {severities.map((one) => (
              <option key={one} value={one}>
                {one === 'CRITICAL' ? severityWord[one] : `${severityWord[one]} and graver`}
              </option>
            ))}
          </Select>
        </Field>
        <MatchersField
          drafts={matchers}
          onChange={(next) => onChange({ matchers: next })}
          showProblems={tried}
          none="All alerts of that severity: add a matcher for some of them."
        />
      </div>
      <div className="flex flex-col gap-4">
        <fieldset className="flex flex-col gap-1.5">
          <legend className="pb-1 font-medium">To which channels</legend>
          {channels.map(({ id, name, enabled }) => (
            <Check
              key={id}
              label={enabled ? name : `${name} (switched off)`}
              checked={chosen.includes(id)}
              onChange={(event) => toggle(id, event.target.checked)}
            />
          ))}
          {tried && chosen.length === 0 ? (
            <p className="text-[13px] text-bad">Choose at least one channel.</p>
          ) : null}
        </fieldset>
        <Field
          label="Critical ones that nobody acknowledges"
          hint="Others are sent once, and again when they get graver."
        >
          <Select
            value={repeatSeconds ?? ''}
            onChange={(event) =>
              onChange({ repeatSeconds: event.target.value === '' ? null : Number(event.target.value) })
            }
          >
            <option value="">are sent once, too</option>
            {others ? null : <option value={repeatSeconds ?? ''}>every {repeatSeconds} s</option>}
            {repeats.map(([seconds, label]) => (
              <option key={seconds} value={seconds}>
                are sent again {label}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </div>
  );
}
