// Rows of role and place, for people and keys. Holds drafts only; what is missing is said at its row.
'use client';
import { Plus, X } from 'lucide-react';
import { useClusters } from '@/components/clusters/queries';
import { useHubConsoles } from '@/components/hub/queries';
import { useLinks } from '@/components/links/queries';
import { useIsHub } from '@/components/shell/mode';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/field';
import type { Role } from '@/lib/contracts/access';
import { roles } from '@/lib/contracts/access';
import { draftProblem, type GrantDraft, roleMeaning } from './grant-text';

const places = { everywhere: 'everywhere', cluster: 'on one cluster', link: 'on one link' } as const;
const hubPlaces = { everywhere: 'everywhere', console: 'on one console' } as const;

export const newDraft = (id: number): GrantDraft => ({
  id,
  role: 'viewer',
  kind: 'everywhere',
  cluster: '',
  link: '',
  console: '',
});

export function GrantsEditor({
  drafts,
  onChange,
  showProblems,
  single = false,
  disabled = false,
}: {
  drafts: GrantDraft[];
  onChange: (drafts: GrantDraft[]) => void;
  showProblems: boolean;
  /** A key holds one role in one place. */
  single?: boolean;
  disabled?: boolean;
}) {
  const change = (id: number, part: Partial<GrantDraft>) =>
    onChange(drafts.map((draft) => (draft.id === id ? { ...draft, ...part } : draft)));
  const nextId = Math.max(0, ...drafts.map(({ id }) => id)) + 1;
  return (
    <fieldset disabled={disabled} className="flex min-w-0 flex-col gap-2">
      <legend className="pb-1 font-medium">{single ? 'Role' : 'Roles'}</legend>
      {drafts.map((draft, index) => (
        <GrantRow
          key={draft.id}
          number={index + 1}
          draft={draft}
          problem={showProblems ? draftProblem(draft) : null}
          onChange={(part) => change(draft.id, part)}
          onRemove={
            single || drafts.length === 1
              ? null
              : () => onChange(drafts.filter((other) => other.id !== draft.id))
          }
        />
      ))}
      {single ? null : (
        <Button size="small" className="self-start" onClick={() => onChange([...drafts, newDraft(nextId)])}>
          <Plus aria-hidden size={14} />
          Add a role
        </Button>
      )}
    </fieldset>
  );
}

function GrantRow({
  number,
  draft,
  problem,
  onChange,
  onRemove,
}: {
  number: number;
  draft: GrantDraft;
  problem: string | null;
  onChange: (part: Partial<GrantDraft>) => void;
  onRemove: (() => void) | null;
}) {
  const isHub = useIsHub();
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={`Role ${number}`}
          className="w-40 max-sm:grow"
          value={draft.role}
          onChange={(event) => onChange({ role: event.target.value as Role })}
        >
          {roles.map((role) => (
            <option key={role}>{role}</option>
          ))}
        </Select>
        <Select
          aria-label={`Where role ${number} is held`}
          className="w-44 max-sm:grow"
          value={draft.kind}
          onChange={(event) => onChange({ kind: event.target.value as GrantDraft['kind'] })}
        >
          {Object.entries(isHub ? hubPlaces : places).map(([kind, label]) => (
            <option key={kind} value={kind}>
              {label}
            </option>
          ))}
        </Select>
        <PlaceSelect number={number} draft={draft} onChange={onChange} invalid={problem !== null} />
        {onRemove ? (
          <Button kind="bare" size="icon" aria-label={`Remove role ${number}`} onClick={onRemove}>
            <X aria-hidden size={15} />
          </Button>
        ) : null}
      </div>
      <p className={problem ? 'pt-1 text-[13px] text-bad' : 'pt-1 text-[13px] text-soft'}>
        {problem ?? `${draft.role}: ${roleMeaning[draft.role]}.`}
      </p>
    </div>
  );
}

const kindWord = { cluster: 'Cluster', link: 'Link', console: 'Console' } as const;

function PlaceSelect({
  number,
  draft,
  onChange,
  invalid,
}: {
  number: number;
  draft: GrantDraft;
  onChange: (part: Partial<GrantDraft>) => void;
  invalid: boolean;
}) {
  const { data: clusters } = useClusters();
  const { data: links } = useLinks();
  const { data: consoles } = useHubConsoles(useIsHub());
  if (draft.kind === 'everywhere') return null;
  const named = (all: readonly { name: string }[] = []) =>
    all.map(({ name }) => ({ value: name, label: name }));
  const options =
    draft.kind === 'cluster'
      ? named(clusters?.clusters)
      : draft.kind === 'console'
        ? named(consoles?.consoles)
        : (links?.links ?? []).map(({ name, destination }) => ({
            value: `${destination.name}/${name}`,
            label: `${name} → ${destination.name}`,
          }));
  const value = draft[draft.kind];
  // A cluster or link that is gone by now stays readable.
  const known = value === '' || options.some((option) => option.value === value);
  return (
    <Select
      aria-label={`${kindWord[draft.kind]} of role ${number}`}
      aria-invalid={invalid || undefined}
      className="w-52 font-mono max-sm:grow"
      value={value}
      onChange={(event) => onChange({ [draft.kind]: event.target.value })}
    >
      <option value="">{`Choose a ${draft.kind}`}</option>
      {known ? null : <option value={value}>{value} (gone)</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}
