// Step 1: which clusters, in which direction, and what the link is called.
'use client';
import { type FormEvent, useState } from 'react';
import { useClusters } from '@/components/clusters/queries';
import { LinkLine } from '@/components/links/link-line';
import { QueryView } from '@/components/shell/query-view';
import { Button, ButtonLink } from '@/components/ui/button';
import { Check, Field, Input, Select } from '@/components/ui/field';
import { Empty } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { ClusterView } from '@/lib/contracts/cluster';
import { clusterProblems, type LinkDraft } from './draft';
import type { StepProps } from './step-props';

export function ClustersStep(props: StepProps) {
  const query = useClusters();
  return (
    <QueryView
      query={query}
      what="the clusters"
      skeleton={<TableSkeleton rows={3} widths={['w-32', 'flex-1']} />}
    >
      {({ clusters }) =>
        clusters.length < 2 ? (
          <Empty
            title="A link needs two clusters"
            actions={
              <ButtonLink kind="primary" href="/clusters/new">
                Connect a cluster
              </ButtonLink>
            }
          >
            {clusters.length === 0
              ? 'None is connected yet.'
              : `Only ${clusters[0]?.name} is connected. Connect the other end.`}
          </Empty>
        ) : (
          <Ends {...props} clusters={clusters} />
        )
      }
    </QueryView>
  );
}

function Ends({ draft, change, go, clusters }: StepProps & { clusters: ClusterView[] }) {
  const [tried, setTried] = useState(false);
  const problems = clusterProblems(draft);
  const shown = tried ? problems : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) go('checks');
  };
  const ends = (changes: Partial<Pick<LinkDraft, 'source' | 'destination'>>) => {
    const next = { ...draft, ...changes };
    const suggested = draft.name === '' || draft.name === `${draft.source}-to-${draft.destination}`;
    const name =
      suggested && next.source && next.destination ? `${next.source}-to-${next.destination}` : draft.name;
    change({ ...changes, name });
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5 rounded-lg border bg-panel p-5">
      <div className="grid grid-cols-1 items-start gap-x-4 gap-y-3 md:grid-cols-[minmax(0,1fr)_minmax(80px,1fr)_minmax(0,1fr)]">
        <ClusterSelect
          label="Source"
          value={draft.source}
          clusters={clusters}
          error={shown.source}
          onChange={(source) => ends({ source })}
        />
        <LinkLine state="ACTIVE" bytesPerSecond={1e6} lagSeconds={0} className="pt-7 max-md:hidden" />
        <ClusterSelect
          label="Destination"
          value={draft.destination}
          clusters={clusters}
          error={shown.destination}
          onChange={(destination) => ends({ destination })}
        />
      </div>
      <Field
        label="Name of the link"
        hint="Unique on the destination. It stands in addresses and cannot be changed later."
        error={shown.name}
        className="max-w-md"
      >
        <Input
          className="font-mono"
          value={draft.name}
          spellCheck={false}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field
        label="Prefix of mirror topics"
        hint="Stands in front of each topic's name on the destination. Empty: mirrors are called as their source topics. It cannot be changed later."
        error={shown.prefix}
        className="max-w-md"
      >
        <Input
          className="font-mono"
          value={draft.prefix}
          spellCheck={false}
          onChange={(event) => change({ prefix: event.target.value })}
        />
      </Field>
      <div>
        <Check
          checked={draft.bothWays}
          onChange={(event) => change({ bothWays: event.target.checked })}
          label="Both directions, under one name"
        />
        <p className="pl-6 text-[13px] text-soft">
          A second link leads from the destination to the source. A topic is mirrored in one of the directions
          only; loops are refused.
        </p>
      </div>
      {draft.bothWays ? (
        <Field
          label="Prefix of the other direction"
          hint={`Of mirror topics on ${draft.source || 'the source'}.`}
          error={shown.prefixBack}
          className="max-w-md"
        >
          <Input
            className="font-mono"
            value={draft.prefixBack}
            spellCheck={false}
            onChange={(event) => change({ prefixBack: event.target.value })}
          />
        </Field>
      ) : null}
      <div className="border-t pt-4">
        <Button kind="primary" type="submit">
          Next: check both ends
        </Button>
      </div>
    </form>
  );
}

function ClusterSelect({
  label,
  value,
  clusters,
  error,
  onChange,
}: {
  label: string;
  value: string;
  clusters: ClusterView[];
  error?: string;
  onChange: (name: string) => void;
}) {
  const known = clusters.some(({ name }) => name === value);
  const chosen = clusters.find(({ name }) => name === value);
  return (
    <Field
      label={label}
      error={error}
      hint={
        chosen ? <span className="break-all">{chosen.bootstrapServers.join(', ')}</span> : 'Choose a cluster.'
      }
    >
      <Select value={known ? value : ''} onChange={(event) => onChange(event.target.value)}>
        <option value="">Choose…</option>
        {clusters.map(({ name, probe }) => (
          <option key={name} value={name}>
            {name}
            {probe && !probe.reachable ? ' (not reachable)' : ''}
          </option>
        ))}
      </Select>
    </Field>
  );
}
