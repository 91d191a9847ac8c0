// Changes a rule at a place: on or off, thresholds, times. What is left empty stays as it is in the wider scope.
'use client';
import { type FormEvent, useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { useClusters } from '@/components/clusters/queries';
import { exactAmount } from '@/components/health/amount';
import { useSetOverride } from '@/components/health/changes';
import { severityWord } from '@/components/health/severity';
import { labelsOfScope, useTargetOf } from '@/components/health/target';
import { useHubConsoles } from '@/components/hub/queries';
import { useLinks } from '@/components/links/queries';
import { failureFrom } from '@/components/shell/api-client';
import { useIsHub } from '@/components/shell/mode';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import type { LibraryEntry, RuleScope, RuleThreshold } from '@/lib/contracts/monitoring/rules';
import {
  draftOfOverride,
  type OverrideDraft,
  overrideOf,
  overrideProblems,
  scopeKey,
  scopeWords,
} from './override-draft';

/** @param scope null: it is chosen here */
export function EditThresholds({
  rule,
  scope: given,
  onClose,
}: {
  rule: LibraryEntry;
  scope: RuleScope | null;
  onClose: () => void;
}) {
  const set = useSetOverride();
  const whyNot = useWhyNot();
  const targetOf = useTargetOf();
  const scopes = useScopes(rule);
  const isHub = useIsHub();
  const [scope, setScope] = useState<RuleScope | null>(given);
  const [draft, setDraft] = useState(() => draftFor(rule, given));
  const [tried, setTried] = useState(false);
  const problems = overrideProblems(rule, draft);
  const failure = failureFrom(set.error);
  const mayNot =
    scope === null
      ? null
      : scope.kind === 'everywhere'
        ? whyNot('administrator', everywhere)
        : whyNot('operator', targetOf(labelsOfScope(scope)));
  const change = (part: Partial<OverrideDraft>) => setDraft((before) => ({ ...before, ...part }));
  const choose = (key: string) => {
    const chosen = scopes.find((one) => scopeKey(one) === key) ?? null;
    setScope(chosen);
    setDraft(draftFor(rule, chosen));
  };
  const send = (of: OverrideDraft) => {
    setTried(true);
    if (!scope || Object.keys(overrideProblems(rule, of)).length > 0 || set.isPending) return;
    set.mutate(overrideOf(rule, scope, of), { onSuccess: onClose });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(draft);
  };
  const decided = scope !== null && rule.overrides.some((one) => scopeKey(one.scope) === scopeKey(scope));
  const time = (key: 'forSeconds' | 'clearForSeconds', label: string, hint: string) => (
    <Field label={label} hint={hint} error={tried ? problems[key] : undefined}>
      <Input
        value={draft[key]}
        placeholder={exactAmount(rule[key], 'seconds')}
        spellCheck={false}
        onChange={(event) => change({ [key]: event.target.value })}
      />
    </Field>
  );
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={given ? `${rule.title}: ${scopeWords(given).toLowerCase()}` : rule.title}
      description={
        isHub
          ? 'What is left empty stays as it is in the wider scope: the values of a console go before those for everywhere.'
          : "What is left empty stays as it is in the wider scope: a link's values go before those of its destination cluster, those before the ones for everywhere."
      }
      className="w-[min(640px,calc(100vw-32px))]"
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {given ? null : (
          <Field label="Where" error={tried && !scope ? 'Choose where it holds.' : undefined}>
            <Select value={scope ? scopeKey(scope) : ''} onChange={(event) => choose(event.target.value)}>
              <option value="">Choose</option>
              {scopes.map((one) => (
                <option key={scopeKey(one)} value={scopeKey(one)}>
                  {scopeWords(one)}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <Field label="Judged">
          <Select
            value={draft.enabled}
            onChange={(event) => change({ enabled: event.target.value as OverrideDraft['enabled'] })}
          >
            <option value="">As in the wider scope</option>
            <option value="on">On</option>
            <option value="off">Off: nothing is raised, and what is raised is cleared</option>
          </Select>
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          {rule.thresholds.map((threshold) => (
            <Field
              key={threshold.name}
              label={labelOf(threshold)}
              hint={`${threshold.help} ${exactAmount(threshold.min, threshold.unit)} to ${exactAmount(threshold.max, threshold.unit)}.`}
              error={tried ? problems[threshold.name] : undefined}
            >
              <Input
                value={draft.thresholds[threshold.name] ?? ''}
                placeholder={exactAmount(threshold.default, threshold.unit)}
                spellCheck={false}
                onChange={(event) =>
                  change({ thresholds: { ...draft.thresholds, [threshold.name]: event.target.value } })
                }
              />
            </Field>
          ))}
          {time('forSeconds', 'Raised after', 'So long it must be so before it is raised.')}
          {time('clearForSeconds', 'Cleared after', 'So long it must be over before it is cleared.')}
        </div>
        {mayNot ? <Banner tone="warn" title={mayNot} /> : null}
        <Refusal failure={failure} />
        <div className="flex flex-wrap justify-end gap-2">
          {decided ? (
            <Button
              className="mr-auto"
              disabled={set.isPending || mayNot !== null}
              onClick={() => send(draftOfOverride(rule, undefined))}
            >
              Take back
            </Button>
          ) : null}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={set.isPending || mayNot !== null}>
            {set.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const draftFor = (rule: LibraryEntry, scope: RuleScope | null): OverrideDraft =>
  draftOfOverride(
    rule,
    scope ? rule.overrides.find((one) => scopeKey(one.scope) === scopeKey(scope)) : undefined,
  );

export const labelOf = ({ severity, name }: RuleThreshold): string =>
  severity ? `${severityWord[severity]} at` : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Where this rule can have values of its own. */
function useScopes(rule: LibraryEntry): RuleScope[] {
  const clusters = useClusters().data?.clusters ?? [];
  const links = useLinks().data?.links ?? [];
  const isHub = useIsHub();
  const consoles = useHubConsoles(isHub).data?.consoles ?? [];
  if (isHub) {
    const names = consoles.map(({ name }) => name).sort();
    return [{ kind: 'everywhere' }, ...names.map((console): RuleScope => ({ kind: 'console', console }))];
  }
  const ofLinks = rule.area === 'links' || rule.area === 'mirrors';
  return [
    { kind: 'everywhere' },
    ...(rule.area === 'landbridge'
      ? []
      : clusters.map(({ name }): RuleScope => ({ kind: 'cluster', cluster: name }))),
    ...(ofLinks
      ? links.map(
          ({ destination, name }): RuleScope => ({ kind: 'link', destination: destination.name, link: name }),
        )
      : []),
  ];
}
