// Rows of matchers, for silences and routes: all of them must match. No row means every alert, and that is said.
'use client';
import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useHubConsoles } from '@/components/hub/queries';
import { useIsHub } from '@/components/shell/mode';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { ruleAreas, severities } from '@/lib/contracts/monitoring/rules';
import { type AlertMatcher, alertMatcher } from '@/lib/contracts/monitoring/silences';
import { type MatcherDraft, matcherProblem, newMatcher } from './matchers';

/** Of alerts, not of what they affect: those of mirrors are about their link. */
const common = [
  ...['rule', 'area', 'severity', 'cluster', 'link', 'source', 'destination'],
  ...['group', 'broker', 'dir', 'voter', 'task', 'channel'],
];
const ops = alertMatcher.shape.op.options;
/** Labels with few values are chosen, not typed. */
const choices: Record<string, readonly string[]> = { severity: severities, area: ruleAreas };

export function MatchersField({
  drafts,
  onChange,
  showProblems,
  none,
}: {
  drafts: MatcherDraft[];
  onChange: (drafts: MatcherDraft[]) => void;
  showProblems: boolean;
  /** What no row means: "Every alert is silenced." */
  none: string;
}) {
  const labelsId = useId();
  const change = (key: number, part: Partial<AlertMatcher>) =>
    onChange(drafts.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const isHub = useIsHub();
  const consoles = useHubConsoles(isHub)
    .data?.consoles.map(({ name }) => name)
    .sort();
  const add = () => onChange([...drafts, newMatcher(drafts, isHub ? 'console' : 'cluster')]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="pb-1 font-medium">Alerts of which</legend>
      <datalist id={labelsId}>
        {[...(isHub ? ['console'] : []), ...common].map((label) => (
          <option key={label} value={label} />
        ))}
      </datalist>
      {drafts.length === 0 ? <p className="text-warn">{none}</p> : null}
      {drafts.map((draft, i) => {
        const problem = showProblems ? matcherProblem(draft) : null;
        const name = (what: string) => `Matcher ${i + 1}: ${what}`;
        return (
          <div key={draft.key} className="flex flex-col gap-1">
            <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_32px] gap-2 sm:grid-cols-[128px_128px_minmax(0,1fr)_32px]">
              <Input
                aria-label={name('label')}
                list={labelsId}
                className="font-mono"
                value={draft.label}
                spellCheck={false}
                onChange={(event) => change(draft.key, { label: event.target.value.trim() })}
              />
              <Select
                aria-label={name('how it matches')}
                value={draft.op}
                onChange={(event) => change(draft.key, { op: event.target.value as AlertMatcher['op'] })}
              >
                {ops.map((op) => (
                  <option key={op}>{op}</option>
                ))}
              </Select>
              <div className="max-sm:order-last max-sm:col-span-2">
                <ValueControl
                  draft={draft}
                  few={draft.label === 'console' ? consoles : choices[draft.label]}
                  name={name('value')}
                  onChange={(value) => change(draft.key, { value })}
                />
              </div>
              <Button
                kind="bare"
                size="icon"
                aria-label={`Remove matcher ${i + 1}`}
                onClick={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
              >
                <X aria-hidden size={16} />
              </Button>
            </div>
            {problem ? <p className="text-[13px] text-bad">{problem}</p> : null}
          </div>
        );
      })}
      <div>
        <Button size="small" onClick={add}>
          <Plus aria-hidden size={14} />
          Add a matcher
        </Button>
      </div>
    </fieldset>
  );
}

function ValueControl({
  draft: { op, value },
  few: known,
  name,
  onChange,
}: {
  draft: MatcherDraft;
  /** All values that there are, where they are few. */
  few: readonly string[] | undefined;
  name: string;
  onChange: (value: string) => void;
}) {
  const few = op === 'begins with' ? undefined : known;
  if (!few)
    return (
      <Input
        aria-label={name}
        className="font-mono"
        value={value}
        maxLength={255}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return (
    <Select aria-label={name} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">Choose</option>
      {[...new Set([...few, ...(value ? [value] : [])])].map((one) => (
        <option key={one}>{one}</option>
      ))}
    </Select>
  );
}
