// Settings → API keys: programs that call the APIs, with one role in one place each.
'use client';
import { KeyRound } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { DataTable } from '@/components/ui/data-table';
import { Empty } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { ApiKeyView } from '@/lib/contracts/access';
import { formatDateTime } from '@/lib/format';
import { CreateApiKey } from './create-api-key';
import { grantText } from './grant-text';
import { GuardedButton } from './guarded-button';
import { useApiKeys, useRevokeApiKey } from './queries';
import { Refusal } from './refusal';
import { SettingsTabs } from './settings-tabs';
import { StateMark } from './state-mark';
import { everywhere, useWhyNot } from './use-me';

export function ApiKeys() {
  const query = useApiKeys();
  const whyNot = useWhyNot()('administrator', everywhere);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null);
  return (
    <Page>
      <PageHeader
        title="API keys"
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
        what="the API keys"
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-40', 'w-40', 'w-24', 'w-32']} />
          </div>
        }
      >
        {({ keys }) =>
          keys.length === 0 ? (
            <Empty title="No API keys yet">
              A program calls /api and /kafka/v3 with a key of its own: HTTP Basic with its id and secret, or
              Bearer. Give each program one, with the least role that it needs.
            </Empty>
          ) : (
            <KeyTable keys={keys} onRevoke={setRevoking} />
          )
        }
      </QueryView>
      {creating ? <CreateApiKey onClose={() => setCreating(false)} /> : null}
      {revoking ? <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} /> : null}
    </Page>
  );
}

function KeyTable({ keys, onRevoke }: { keys: ApiKeyView[]; onRevoke: (key: ApiKeyView) => void }) {
  const rowAt = useCallback((index: number) => keys[index], [keys]);
  const columns = useMemo(
    () =>
      columnsOf<ApiKeyView>([
        ['name', 'Name', (k) => k.name, { rowHeader: true }],
        ['id', 'Id', (k) => <span className="font-mono text-[13px]">{k.id}</span>, { wideOnly: true }],
        [
          'role',
          'Role',
          (k) => <span title={grantText(k.grant)}>{grantText(k.grant)}</span>,
          { wideOnly: true },
        ],
        ['state', 'State', (k) => <KeyState apiKey={k} />, { width: 'w-36 max-md:w-28' }],
        [
          'used',
          'Last used',
          (k) => (
            <span title={k.lastUsedFrom ? `from ${k.lastUsedFrom}` : undefined}>
              <CellValue value={k.lastUsedAt} format={formatDateTime} why="Has not been used yet." />
            </span>
          ),
          { width: 'w-44', wideOnly: true },
        ],
        ['by', 'Created by', (k) => k.createdBy, { width: 'w-32', wideOnly: true }],
        [
          'revoke',
          'Action',
          (k) =>
            k.bootstrap || k.revokedAt !== null ? null : (
              <Button size="small" kind="danger" aria-label={`Revoke ${k.name}`} onClick={() => onRevoke(k)}>
                Revoke…
              </Button>
            ),
          { width: 'w-28 max-md:w-26' },
        ],
      ]),
    [onRevoke],
  );
  return (
    <div className="overflow-clip rounded-lg border bg-panel">
      <DataTable label="API keys" columns={columns} count={keys.length} rowAt={rowAt} />
    </div>
  );
}

function KeyState({ apiKey: { revokedAt, expiresAt, bootstrap } }: { apiKey: ApiKeyView }) {
  if (revokedAt !== null)
    return (
      <StateMark shape="stopped" title={formatDateTime(revokedAt)}>
        revoked
      </StateMark>
    );
  if (bootstrap)
    return (
      <StateMark shape="triangle" title="From LANDBRIDGE_API_KEY; it ends when an administrator key exists.">
        bootstrap
      </StateMark>
    );
  if (expiresAt === null) return <StateMark shape="circle">active</StateMark>;
  if (expiresAt <= Date.now())
    return (
      <StateMark shape="stopped" title={formatDateTime(expiresAt)}>
        expired
      </StateMark>
    );
  return (
    <StateMark shape="circle" title={`Until ${formatDateTime(expiresAt)}`}>
      <span className="md:hidden">active</span>
      <span className="max-md:hidden">to {formatDateTime(expiresAt).slice(0, 10)}</span>
    </StateMark>
  );
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKeyView; onClose: () => void }) {
  const revoke = useRevokeApiKey(apiKey.id);
  return (
    <ConfirmByName
      open
      onOpenChange={onClose}
      title={`Revoke ${apiKey.name}?`}
      name={apiKey.name}
      confirmLabel="Revoke key"
      busy={revoke.isPending}
      error={<Refusal failure={failureFrom(revoke.error)} />}
      onConfirm={() => revoke.mutate(undefined, { onSuccess: onClose })}
    >
      <p className="text-soft">
        Whatever holds this key is refused from now on. A revoked key cannot be taken back; create another.
      </p>
    </ConfirmByName>
  );
}
