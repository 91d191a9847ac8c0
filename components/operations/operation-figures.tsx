// The facts of an operation: what is missing, how long it took, who asked and why, with which options, and with which others.
'use client';
import Link from 'next/link';
import { Lasting } from '@/components/shell/age';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { OperationDetail, OperationOptions } from '@/lib/contracts/operation';
import type { RemakeOptions } from '@/lib/contracts/remake';
import { formatAge, formatDateTime, formatDuration, groupDigits, plural } from '@/lib/format';
import { auditHref, groupHref } from './paths';
import { useOperations } from './queries';

const anchor = 'underline decoration-edge underline-offset-2 hover:text-text';

export function OperationFigures({
  destination,
  link,
  operation,
}: {
  destination: string;
  link: string;
  operation: OperationDetail;
}) {
  const { startedAt, endedAt, actor, reason } = operation;
  return (
    <Figures label="Figures">
      {operation.remake ? <Diverged operation={operation} /> : <Missing operation={operation} />}
      <Figure label={endedAt === null ? 'Under way for' : 'Took'} note={`since ${formatDateTime(startedAt)}`}>
        {endedAt === null ? (
          <Lasting since={startedAt} />
        ) : (
          formatDuration(Math.max(0, Math.round((endedAt - startedAt) / 100) / 10))
        )}
      </Figure>
      <Figure
        label="Asked by"
        note={
          <Link href={auditHref(operation.auditOperationId)} className={anchor}>
            Audit entry
          </Link>
        }
      >
        <span className="block pt-0.5 text-sm/5 break-words">{actor}</span>
      </Figure>
      <Figure label="Options" note={<Together destination={destination} link={link} operation={operation} />}>
        <span className="block pt-0.5 text-sm/5 font-normal">
          {operation.remake
            ? remakeText(operation.remake.request.options)
            : optionsText(operation.kind, operation.options)}
        </span>
      </Figure>
      <Figure label="Reason" className="max-md:col-span-2 md:col-span-2">
        <span className="block pt-0.5 text-sm/5 font-normal break-words">{reason ?? 'None was given.'}</span>
      </Figure>
    </Figures>
  );
}

function Missing({ operation }: { operation: OperationDetail }) {
  const { statement, outcome } = operation;
  return (
    <Figure label="Missing, offsets" note={knownText(operation)}>
      {statement && statement.missing === null ? (
        'unknown'
      ) : (
        <Value
          value={statement?.missing ?? null}
          format={groupDigits}
          why={
            outcome === null
              ? 'The statement is made when the mirror is fenced.'
              : 'The mirror was not stopped: there is no statement.'
          }
        />
      )}
    </Figure>
  );
}

/** Of those that make a topic anew: what was on the topic that is deleted and nowhere else, where that was looked for. */
function Diverged({ operation: { kind, remake } }: { operation: OperationDetail }) {
  const { old, parting } = remake?.work ?? {};
  const records = parting?.reduce((sum, one) => sum + BigInt(one.records ?? 0), 0n);
  return (
    <Figure label={kind === 'FAILBACK' ? 'Diverged, records' : 'Deleted, offsets'}>
      <Value
        value={kind === 'FAILBACK' ? (records?.toString() ?? null) : (old?.offsets ?? null)}
        format={groupDigits}
        why="Not looked at yet, or there was no topic."
      />
    </Figure>
  );
}

function remakeText({ openTransactions, quietMs, activeGroups, save }: RemakeOptions): string {
  return [
    openText[openTransactions],
    `quiet for ${formatDuration(quietMs / 1000)}`,
    ...(activeGroups === 'ignore' ? ['active groups do not matter'] : []),
    ...(save ? ['save what has diverged'] : []),
  ].join(' · ');
}

function knownText({ statement, outcome }: OperationDetail): string | null {
  if (!statement) return outcome === null ? 'told when the mirror is fenced' : null;
  if (statement.kind !== 'FAILOVER') return 'of the source, drained before';
  if (statement.knownAt === null) return 'the source was not seen in all partitions';
  return `by the source as seen ${formatAge(statement.at - statement.knownAt)
    .replace(' ago', '')
    .replace('now', 'just')} before`;
}

const openText: Record<OperationOptions['openTransactions'], string> = {
  wait: 'wait for open transactions',
  abort: 'abort open transactions',
  leave: 'leave open transactions behind',
};

export function optionsText(kind: OperationDetail['kind'], options: OperationOptions): string {
  const configs = Object.keys(options.configs).length;
  const parts =
    kind === 'FAILOVER'
      ? [options.force ? 'without offline partitions' : 'all partitions']
      : [openText[options.openTransactions], `quiet for ${formatDuration(options.quietMs / 1000)}`];
  if (kind === 'REVERSE') {
    parts.push(options.sourceFence === 'acl' ? 'source fenced by ACL' : 'source not fenced');
    if (options.pauseBack) parts.push('paused on the way back');
  }
  if (kind === 'PROMOTE' && options.fenceSource) parts.push('source fenced by ACL');
  if (configs > 0) parts.push(`${plural(configs, 'config')} set`);
  return parts.join(' · ');
}

/** Others that were asked for in the same breath. */
function Together({
  destination,
  link,
  operation,
}: {
  destination: string;
  link: string;
  operation: OperationDetail;
}) {
  const group = operation.auditOperationId;
  const { data } = useOperations(destination, link, { group, limit: 1 });
  if (!data) return null;
  const { open, done, failed, cancelled } = data.counts;
  const others = open + done + failed + cancelled - 1;
  if (others < 1) return null;
  return (
    <Link href={groupHref(destination, link, group)} className={anchor}>
      together with {plural(others, 'other mirror')}
    </Link>
  );
}
