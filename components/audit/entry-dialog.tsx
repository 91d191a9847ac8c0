// One audit entry: who, from where, on what, before → after, how it ended, and where it stands in the chain.
'use client';
import type { ReactNode } from 'react';
import { QueryView } from '@/components/shell/query-view';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Missing } from '@/components/ui/notice';
import { Bar } from '@/components/ui/skeleton';
import type { AuditEntryDetail } from '@/lib/contracts/audit';
import { formatDateTime, formatMillis } from '@/lib/format';
import { ChangeTable } from './change-table';
import { changesOf } from './diff';
import { CriticalMark, Outcome } from './outcome';
import { useAuditEntry } from './queries';
import { actorKindWord, objectTypeWord, sentence } from './words';

export function EntryDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useAuditEntry(id);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={query.data ? sentence(query.data.operation) : 'Audit entry'}
      className="w-[min(820px,calc(100vw-32px))]"
    >
      <QueryView
        query={query}
        what="this entry"
        skeleton={<EntrySkeleton />}
        missing={
          <Missing title="There is no such entry">
            It may be about something that you may not see, or retention has removed it.
          </Missing>
        }
      >
        {(entry) => <Entry entry={entry} />}
      </QueryView>
    </Dialog>
  );
}

function Entry({ entry }: { entry: AuditEntryDetail }) {
  const { actor, object } = entry;
  const changes = changesOf(entry.before, entry.after);
  // Of an observed end only the time of the look is known.
  const ended = entry.outcome === 'OK' || entry.outcome === 'FAILED' ? entry.endedAt : null;
  const tookMs = ended === null ? null : ended - entry.at;
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 [&_dd]:break-words [&_dt]:text-soft">
        <Fact name="Outcome">
          <span className="flex flex-wrap items-center gap-x-3">
            <Outcome outcome={entry.outcome} />
            {entry.severity === 'CRITICAL' ? <CriticalMark /> : null}
          </span>
        </Fact>
        {entry.message ? <Fact name="Said">{entry.message}</Fact> : null}
        <Fact name="When">
          {formatDateTime(entry.at)}
          {tookMs ? `, took ${formatMillis(tookMs)}` : ''}
        </Fact>
        <Fact name="Who">
          {actor.name} <span className="text-soft">({actorKindWord(actor.kind)})</span>
          {actor.id && actor.id !== actor.name ? <Id text={actor.id} /> : null}
        </Fact>
        {actor.address ? <Fact name="From">{actor.address}</Fact> : null}
        {actor.sessionId ? (
          <Fact name="Session">
            <Id text={actor.sessionId} />
          </Fact>
        ) : null}
        <Fact name="On">
          {objectTypeWord(object.type)} <span className="font-mono">{object.name}</span>
        </Fact>
        {entry.reason ? <Fact name="Reason">{entry.reason}</Fact> : null}
        {entry.requestId ? (
          <Fact name="Request">
            <Id text={entry.requestId} />
          </Fact>
        ) : null}
      </dl>
      {changes.length > 0 ? <ChangeTable changes={changes} /> : null}
      {entry.details === null ? null : (
        <CodeBlock label="Details" text={JSON.stringify(entry.details, null, 2)} />
      )}
      <Chain rows={entry.rows} />
    </div>
  );
}

/** What `audit:verify` takes as an anchor. */
function Chain({ rows }: { rows: AuditEntryDetail['rows'] }) {
  const last = rows.at(-1);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-[13px] text-soft">
      <p className="min-w-0 break-all">
        {rows.map(({ seq, mac }) => `row ${seq} · ${mac.slice(0, 16)}…`).join(', ')}
      </p>
      {last ? <CopyButton label="Copy as anchor" text={`${last.seq}:${last.mac}`} /> : null}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

const Id = ({ text }: { text: string }) => (
  <span className="font-mono text-[13px] break-all text-soft"> {text}</span>
);

function EntrySkeleton() {
  return (
    <div className="flex flex-col gap-3">
      {['w-1/3', 'w-2/3', 'w-1/2', 'w-3/4'].map((width) => (
        <Bar key={width} className={width} />
      ))}
    </div>
  );
}
