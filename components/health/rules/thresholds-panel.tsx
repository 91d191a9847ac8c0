// The numbers of a rule: what holds by default, and what was decided where. Each row can be changed by who may.
'use client';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { exactAmount } from '@/components/health/amount';
import { labelsOfScope, useTargetOf } from '@/components/health/target';
import { useIsHub } from '@/components/shell/mode';
import { Panel } from '@/components/ui/panel';
import type { LibraryEntry, RuleOverride, RuleScope, RuleThreshold } from '@/lib/contracts/monitoring/rules';
import { withCounted } from '@/lib/monitoring/amount';
import { EditThresholds, labelOf } from './edit-thresholds';
import { scopeKey, scopeWords } from './override-draft';

const here: RuleScope = { kind: 'everywhere' };

export function ThresholdsPanel({ rule }: { rule: LibraryEntry }) {
  const [editing, setEditing] = useState<{ scope: RuleScope | null } | null>(null);
  const mayNot = useWhyNot()('operator', 'somewhere');
  const isHub = useIsHub();
  const everywhereSet = rule.overrides.find(({ scope }) => scope.kind === 'everywhere');
  const others = rule.overrides.filter(({ scope }) => scope.kind !== 'everywhere');
  return (
    <Panel
      title="Thresholds"
      id="thresholds"
      aside={
        <GuardedButton size="small" whyNot={mayNot} onClick={() => setEditing({ scope: null })}>
          {isHub ? 'Set for a console…' : 'Set for a cluster or link…'}
        </GuardedButton>
      }
    >
      <div className="relative overflow-x-auto">
        <table className="w-full text-[13px]">
          <caption className="sr-only">Thresholds by place</caption>
          <thead>
            <tr className="text-left align-bottom text-soft *:border-b *:px-2 *:py-2 *:font-medium">
              <th scope="col" className="pl-4!">
                Where
              </th>
              <th scope="col">Judged</th>
              {rule.thresholds.map((threshold) => (
                <th key={threshold.name} scope="col" title={threshold.help}>
                  {labelOf(threshold)}
                </th>
              ))}
              <th scope="col">Raised after</th>
              <th scope="col">Cleared after</th>
              <th scope="col" className="sticky right-0 bg-panel pr-4!">
                <span className="sr-only">Change</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <DefaultRow rule={rule} />
            <Row rule={rule} scope={here} override={everywhereSet} onEdit={setEditing} />
            {others.map((override) => (
              <Row
                key={scopeKey(override.scope)}
                rule={rule}
                scope={override.scope}
                override={override}
                onEdit={setEditing}
              />
            ))}
          </tbody>
        </table>
      </div>
      {editing ? <EditThresholds rule={rule} scope={editing.scope} onClose={() => setEditing(null)} /> : null}
    </Panel>
  );
}

const rowClass = '*:border-b *:px-2 *:py-1.5 last:*:border-b-0 *:whitespace-nowrap';

function DefaultRow({ rule }: { rule: LibraryEntry }) {
  return (
    <tr className={rowClass}>
      <th scope="row" className="pl-4! text-left font-normal">
        By default
      </th>
      <td>on</td>
      {rule.thresholds.map((threshold) => (
        <td key={threshold.name}>{shownAs(threshold, threshold.default, rule)}</td>
      ))}
      <td>{exactAmount(rule.forSeconds, 'seconds')}</td>
      <td>{exactAmount(rule.clearForSeconds, 'seconds')}</td>
      <td />
    </tr>
  );
}

function Row({
  rule,
  scope,
  override,
  onEdit,
}: {
  rule: LibraryEntry;
  scope: RuleScope;
  override: RuleOverride | undefined;
  onEdit: (editing: { scope: RuleScope }) => void;
}) {
  const whyNot = useWhyNot();
  const targetOf = useTargetOf();
  const mayNot =
    scope.kind === 'everywhere'
      ? whyNot('administrator', everywhere)
      : whyNot('operator', targetOf(labelsOfScope(scope)));
  const seconds = (value: number | undefined) =>
    value === undefined ? undefined : exactAmount(value, 'seconds');
  return (
    <tr className={rowClass}>
      <th scope="row" className="pl-4! text-left font-normal">
        {scopeWords(scope)}
      </th>
      <Cell text={override?.enabled === undefined ? undefined : override.enabled ? 'on' : 'off'} />
      {rule.thresholds.map((threshold) => {
        const value = override?.thresholds?.[threshold.name];
        return (
          <Cell
            key={threshold.name}
            text={value === undefined ? undefined : shownAs(threshold, value, rule)}
          />
        );
      })}
      <Cell text={seconds(override?.forSeconds)} />
      <Cell text={seconds(override?.clearForSeconds)} />
      <td className="sticky right-0 bg-panel pr-4! text-right">
        <GuardedButton
          size="small"
          whyNot={mayNot}
          aria-label={`Change ${scopeWords(scope).toLowerCase()}`}
          onClick={() => onEdit({ scope })}
        >
          Change…
        </GuardedButton>
      </td>
    </tr>
  );
}

/** Steps are in the rule's unit; other numbers count something of their own. */
const shownAs = ({ unit, severity }: RuleThreshold, value: number, { counted }: LibraryEntry): string =>
  withCounted(exactAmount(value, unit), value, severity === null ? null : counted);

/** What is not decided here stays as it is in the wider scope. */
function Cell({ text }: { text: string | undefined }) {
  if (text !== undefined) return <td className="font-semibold">{text}</td>;
  return (
    <td className="text-soft" title="As in the wider scope">
      same
    </td>
  );
}
