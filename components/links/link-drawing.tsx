// The picture of a link: its two clusters and the line between them, with what flows above it and how far behind it is below.
'use client';
import Link from 'next/link';
import type { LinkRow } from '@/lib/contracts/link';
import { formatByteRate, formatDuration, formatMillis, formatRecordRate, plural } from '@/lib/format';
import { LinkLine } from './link-line';
import { clusterHref, linkHref } from './paths';

export function LinkDrawing({ link }: { link: LinkRow }) {
  return (
    <section
      aria-label="Source to destination"
      className="grid grid-cols-1 items-center gap-x-1 gap-y-3 rounded-lg border bg-panel px-4 py-6 md:grid-cols-[minmax(150px,220px)_minmax(0,1fr)_minmax(150px,220px)] md:px-6"
    >
      <Shore label="Source" end={link.source} />
      <div className="flex min-w-0 flex-col items-center gap-1 text-center">
        <p data-live className="min-h-5 font-semibold">
          {flowText(link)}
        </p>
        <LinkLine
          state={link.state}
          attention={link.attention > 0}
          bytesPerSecond={link.bytesPerSecond}
          lagSeconds={link.worst?.lag.seconds ?? null}
          className="w-full"
        />
        <p className="min-h-5 px-4 text-[13px] text-soft">{behindText(link)}</p>
      </div>
      <Shore label="Destination" end={link.destination} />
      {link.mode === 'BIDIRECTIONAL' ? <OtherDirection link={link} /> : null}
    </section>
  );
}

/** The other half of a link that leads both ways. */
function OtherDirection({ link: { name, source, destination, otherDirection } }: { link: LinkRow }) {
  return (
    <p className="text-center text-[13px] text-soft md:col-span-3">
      Both directions.{' '}
      {otherDirection ? (
        <Link
          className="text-text underline underline-offset-4"
          href={linkHref(otherDirection.destination, otherDirection.name)}
        >
          {name} from {destination.name} to {source.name}
        </Link>
      ) : (
        `The other one, to ${source.name}, is not there, or you hold no role on it.`
      )}
    </p>
  );
}

function Shore({ label, end }: { label: string; end: LinkRow['source'] }) {
  const facts = [
    end.kafkaVersion ? `Kafka ${end.kafkaVersion}` : null,
    end.brokers === null ? null : plural(end.brokers, 'broker'),
  ].filter(Boolean);
  return (
    <div className="min-w-0 rounded-lg border bg-bg px-4 py-3">
      <p className="text-xs text-soft">{label}</p>
      <Link href={clusterHref(end.name)} className="block truncate font-semibold hover:underline">
        {end.name}
      </Link>
      <p className="truncate text-[13px] text-soft">
        {facts.length > 0 ? facts.join(' · ') : 'not reached yet'}
      </p>
    </div>
  );
}

function flowText(link: LinkRow): string {
  if (link.state !== 'ACTIVE') return 'nothing flows';
  if (link.bytesPerSecond === null) return 'rate not measured yet';
  return `${formatByteRate(link.bytesPerSecond)} · ${formatRecordRate(link.recordsPerSecond)}`;
}

function behindText(link: LinkRow): string {
  if (link.mirrors === 0) return 'no mirrors yet';
  const parts = [
    link.worst ? `worst lag ${formatDuration(link.worst.lag.seconds)} (${link.worst.topic})` : null,
    link.latencyMs
      ? `replication latency p50 ${formatMillis(link.latencyMs.p50)}, p99 ${formatMillis(link.latencyMs.p99)}`
      : null,
  ];
  return parts.filter(Boolean).join(' · ') || 'lag not known yet';
}
