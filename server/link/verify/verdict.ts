// What a confirmed difference is called, and what is said about it. Pure.
import type { MirrorError } from '@/lib/contracts/link';
import type { Difference, RecordFacts } from './compare';
import type { Found } from './report';

/** @param own the batch was written by this link: with its producer id, or as a fill */
export function errorOf({ difference, batch }: Found, own: boolean): MirrorError {
  if (batch && !own) return 'UNEXPECTED_WRITE';
  // Our own batch, and the source shows something else there or nothing: it isn't the log any more that was mirrored.
  if (difference.kind === 'DIFFERENT' || difference.kind === 'EXTRA') return 'UNEXPECTED_TRUNCATION';
  return 'ILLEGAL_STATE';
}

export function messageOf(place: string, { difference, batch }: Found, own: boolean): string {
  const writer = batch === null ? '' : own ? ' The batch was written by this link.' : ` ${writerOf(batch)}`;
  return (
    `${place} differs from its source at offset ${difference.offset}: ${whatDiffers(difference)}.${writer} ` +
    "Mirroring of this partition has stopped. Download the difference on the mirror's page; after mending, a sweep looks again. Otherwise re-seed the mirror."
  );
}

export function writerOf({
  producerId,
  producerEpoch,
}: {
  producerId: bigint;
  producerEpoch: number;
}): string {
  return producerId < 0n
    ? 'The batch was written by a producer without an id (not idempotent), which is not this link.'
    : `The batch was written by producer id ${producerId} (epoch ${producerEpoch}), which is not this link's.`;
}

function whatDiffers({ kind, source, mirror }: Difference): string {
  switch (kind) {
    case 'DIFFERENT':
      return `the source has ${facts(source)}, the mirror ${facts(mirror)}`;
    case 'MISSING':
      return `the source has ${facts(source)}, the mirror has none`;
    case 'EXTRA':
      return `the mirror has ${facts(mirror)}, the source has none`;
    case 'TRANSACTIONAL':
      return 'the mirror has aborted data there, which consumers at read_uncommitted see and the others do not';
    case 'DAMAGED':
      return "the mirror's batch does not match its checksum";
  }
}

function facts(record: RecordFacts | null): string {
  if (record === null) return 'a record';
  const crc = record.crc.toString(16).padStart(8, '0');
  return `a record of ${record.bytes} bytes (CRC-32C ${crc}, timestamp ${record.timestamp})`;
}
