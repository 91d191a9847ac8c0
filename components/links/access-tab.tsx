// Who may do what because of a link: how many mirrors are locked, which source topics are fenced, and which ACLs come over, wait, or go.
'use client';
import { useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { onLink, useWhyNot } from '@/components/access/use-me';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { Banner, Empty, Forbidden } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { AclPreview } from '@/lib/contracts/acl-sync';
import type { LinkRow } from '@/lib/contracts/link';
import { groupDigits, plural } from '@/lib/format';
import { useAclPreview, useFencePreview, useLiftFence } from './access-queries';
import { AclTable } from './acl-table';
import { LockCounts } from './lock-text';

export function AccessTab({ link }: { link: LinkRow }) {
  const whyNot = useWhyNot()('operator', onLink(link));
  const query = useAclPreview(link.destination.name, link.name, whyNot === null);
  const failure = failureFrom(query.error);
  return (
    <div className="flex flex-col gap-4">
      <Panel title="Locks" id="locks" aside={<LockCounts locks={link.locks} />}>
        <p className="max-w-[72ch] px-4 py-3 text-soft">
          {link.locks.locked + link.locks.watched === 0
            ? 'No mirror topic has been looked at yet.'
            : `While a topic is mirrored, nobody but the link may write to it on ${link.destination.name}. Each mirror’s page says who still can, and why. Promoting takes away exactly what was added.`}
        </p>
      </Panel>
      {whyNot ? (
        <Forbidden title="Fences and ACLs are shown to operators">{whyNot}</Forbidden>
      ) : (
        <>
          {failure ? (
            <Banner tone="bad" title={`The clusters could not be asked: ${failure.message}`} live />
          ) : null}
          {query.data ? (
            <>
              <Fences link={link} held={query.data.held} />
              <Acls preview={query.data} busy={query.isFetching} onAgain={() => void query.refetch()} />
            </>
          ) : failure ? null : (
            <Panel title="ACLs">
              <TableSkeleton rows={6} widths={['w-24', 'flex-1', 'w-64']} />
            </Panel>
          )}
        </>
      )}
    </div>
  );
}

function Fences({ link, held }: { link: LinkRow; held: AclPreview['held'] }) {
  const [lifting, setLifting] = useState<string | null>(null);
  const whyNot = useWhyNot()('approver', onLink(link));
  const fenced = held.filter(({ purpose }) => purpose === 'FENCE');
  if (fenced.length === 0) return null;
  return (
    <Panel
      title="Fenced source topics"
      id="fences"
      aside={<span className="text-soft">{plural(fenced.length, 'topic')}</span>}
    >
      <ul aria-label="Fenced source topics" className="divide-y">
        {fenced.map(({ name }) => (
          <li key={name} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-1.5">
            <span className="min-w-0 break-all">
              <span className="font-mono text-[13px]">{name}</span>{' '}
              <span className="text-soft">nobody can write to it on {link.source.name}</span>
            </span>
            <GuardedButton
              size="small"
              whyNot={whyNot}
              aria-label={`Lift the fence of ${name}`}
              onClick={() => setLifting(name)}
            >
              Lift…
            </GuardedButton>
          </li>
        ))}
      </ul>
      {lifting === null ? null : <LiftFence link={link} topic={lifting} onClose={() => setLifting(null)} />}
    </Panel>
  );
}

function LiftFence({ link, topic, onClose }: { link: LinkRow; topic: string; onClose: () => void }) {
  const lift = useLiftFence(link.destination.name, link.name);
  const preview = useFencePreview(link.destination.name, link.name, topic);
  return (
    <ConfirmByName
      open
      onOpenChange={onClose}
      title={`Lift the fence of ${topic}?`}
      name={topic}
      confirmLabel="Lift fence"
      busy={lift.isPending}
      error={<Refusal failure={failureFrom(lift.error)} />}
      onConfirm={() => lift.mutate(topic, { onSuccess: onClose })}
    >
      <p className="text-soft">
        {preview.data?.message ?? failureFrom(preview.error)?.message ?? 'Looking up what it means…'}
      </p>
    </ConfirmByName>
  );
}

function Acls({ preview, busy, onAgain }: { preview: AclPreview; busy: boolean; onAgain: () => void }) {
  const { rows, counts, problems, source, destination } = preview;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <Panel
      title="ACLs of the source"
      id="acls"
      aside={
        <Button size="small" disabled={busy} onClick={onAgain}>
          {busy ? 'Looking…' : 'Look again'}
        </Button>
      }
    >
      {problems.map((problem) => (
        <p key={problem} className="break-words border-b px-4 py-3 last:border-b-0">
          {problem}
        </p>
      ))}
      {source !== null && destination !== null ? (
        <p className="px-4 py-3 text-soft">
          {groupDigits(source)} on the source, {groupDigits(destination)} on the destination.{' '}
          {rows.length < total ? `The first ${groupDigits(rows.length)} of ${groupDigits(total)}.` : null}
        </p>
      ) : null}
      {rows.length > 0 ? (
        <AclTable rows={rows} />
      ) : problems.length === 0 ? (
        <div className="p-4 pt-0">
          <Empty title="Nothing is brought over">
            The filters in acl.filters let none of the source’s ACLs through. Set them, and acl.sync.enable,
            under Settings.
          </Empty>
        </div>
      ) : null}
    </Panel>
  );
}
