// Settings → Console keys: with which consoles report to this hub.
'use client';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { type FormEvent, useCallback, useMemo, useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { Refusal } from '@/components/access/refusal';
import { SettingsTabs } from '@/components/access/settings-tabs';
import { ShownOnce } from '@/components/access/shown-once';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { StateShape } from '@/components/links/state-badge';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { DataTable } from '@/components/ui/data-table';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { Banner, Empty } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import { createHubSenderRequest, type HubSenderView } from '@/lib/contracts/hub';
import { formatDateTime } from '@/lib/format';
import { consoleHref } from './paths';
import { useCreateHubSender, useHubSenders, useRevokeHubSender } from './queries';

export function HubSenders() {
  const query = useHubSenders();
  const whyNot = useWhyNot()('administrator', everywhere);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<HubSenderView | null>(null);
  return (
    <Page>
      <PageHeader
        title="Console keys"
        actions={
          <GuardedButton kind="primary" whyNot={whyNot} onClick={() => setCreating(true)}>
            <KeyRound aria-hidden size={15} />
            Create a key
          </GuardedButton>
        }
      />
      <SettingsTabs />
      <QueryView
        query={query}
        what="the keys of consoles"
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-40', 'w-40', 'w-24', 'w-32']} />
          </div>
        }
      >
        {({ senders }) =>
          senders.length === 0 ? (
            <Empty title="No console has a key yet">
              Each console reports with a key of its own, which may post its reports and nothing else.
            </Empty>
          ) : (
            <SenderTable senders={senders} onRevoke={setRevoking} />
          )
        }
      </QueryView>
      {creating ? <CreateSender onClose={() => setCreating(false)} /> : null}
      {revoking ? <RevokeSender sender={revoking} onClose={() => setRevoking(null)} /> : null}
    </Page>
  );
}

const KeyState = ({ active }: { active: boolean }) => (
  <span className="inline-flex items-center gap-2">
    <StateShape shape={active ? 'circle' : 'stopped'} />
    {active ? 'active' : 'revoked'}
  </span>
);

function SenderTable({
  senders,
  onRevoke,
}: {
  senders: HubSenderView[];
  onRevoke: (one: HubSenderView) => void;
}) {
  const rowAt = useCallback((index: number) => senders[index], [senders]);
  const columns = useMemo(
    () =>
      columnsOf<HubSenderView>([
        [
          'console',
          'Console',
          (one) => (
            <Link href={consoleHref(one.console)} className="font-mono hover:underline">
              {one.console}
            </Link>
          ),
          { rowHeader: true },
        ],
        ['id', 'Id', (one) => <span className="font-mono text-[13px]">{one.id}</span>, { wideOnly: true }],
        ['state', 'State', (one) => <KeyState active={one.revokedAt === null} />, { width: 'w-28' }],
        [
          'used',
          'Last used',
          (one) => (
            <span title={one.lastUsedFrom ? `from ${one.lastUsedFrom}` : undefined}>
              <CellValue value={one.lastUsedAt} format={formatDateTime} why="Has not been used yet." />
            </span>
          ),
          { width: 'w-44', wideOnly: true },
        ],
        ['by', 'Created by', (one) => one.createdBy, { width: 'w-32', wideOnly: true }],
        [
          'revoke',
          'Action',
          (one) =>
            one.revokedAt === null ? (
              <Button
                size="small"
                kind="danger"
                aria-label={`Revoke the key of ${one.console}`}
                onClick={() => onRevoke(one)}
              >
                Revoke…
              </Button>
            ) : null,
          { width: 'w-28 max-md:w-26' },
        ],
      ]),
    [onRevoke],
  );
  return (
    <div className="overflow-clip rounded-lg border bg-panel">
      <DataTable label="Keys of consoles" columns={columns} count={senders.length} rowAt={rowAt} />
    </div>
  );
}

function CreateSender({ onClose }: { onClose: () => void }) {
  const create = useCreateHubSender();
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const named = createHubSenderRequest.shape.console.safeParse(name.trim());
  const failure = failureFrom(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (named.success && !create.isPending) create.mutate(named.data);
  };
  if (create.data) {
    const { sender, token, endpoint } = create.data;
    return (
      <Dialog open onOpenChange={onClose} title={`Key of ${sender.console}`}>
        <ShownOnce
          title="The token is shown once. It is not stored and cannot be read again."
          items={[
            { label: 'LANDBRIDGE_HEALTH_ENDPOINT', value: endpoint },
            {
              label: 'LANDBRIDGE_HEALTH_TOKEN',
              value: token,
              note: 'Set both where that console runs, and start it again.',
            },
          ]}
          onDone={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title="Create a key for a console">
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="Console"
          hint="What this hub calls it, such as plant-7. With the name of one that has a key, it gets its next one."
          error={tried && !named.success ? named.error.issues[0]?.message : failure?.fields.console}
        >
          <Input
            autoFocus
            value={name}
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        {failure ? <Banner tone="bad" title={failure.message} live /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={create.isPending}>
            {create.isPending ? 'Creating…' : 'Create key'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RevokeSender({ sender, onClose }: { sender: HubSenderView; onClose: () => void }) {
  const revoke = useRevokeHubSender(sender.id);
  return (
    <ConfirmByName
      open
      onOpenChange={onClose}
      title={`Revoke a key of ${sender.console}?`}
      name={sender.console}
      confirmLabel="Revoke key"
      busy={revoke.isPending}
      error={<Refusal failure={failureFrom(revoke.error)} />}
      onConfirm={() => revoke.mutate(undefined, { onSuccess: onClose })}
    >
      <p className="text-soft">
        Reports with this key are refused from now on; what was reported stays. A revoked key cannot be taken
        back.
      </p>
    </ConfirmByName>
  );
}
