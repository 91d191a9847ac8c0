// The difference between both sides of a partition as a file that may leave the house: offsets, times, sizes and checksums, no contents.
import type { DifferenceReport } from '@/lib/contracts/verify';
import type { SlabPool } from '@/server/kafka/wire/slab';
import { VERIFY_PAGE_BYTES, VERIFY_REPORT_PAGES, VERIFY_REPORT_RECORDS } from '../defaults';
import type { LinkContext } from '../link-context';
import type { MirrorPartition } from '../partition';
import { compareShown, type Difference, type RecordFacts } from './compare';
import type { Confirmation } from './confirm';
import { readPair, type Sides } from './read-pair';

export type Found = Extract<Confirmation, { verdict: 'STANDS' }>;

/**
 * Reads on from the first difference, as far as a report goes. What can't be read any more is left out.
 * Records that only one side shows where the other has a hole are not listed behind the first: a cleaner may have taken them.
 */
export async function differenceReportOf(
  link: LinkContext,
  partition: MirrorPartition,
  sides: Sides,
  pool: SlabPool,
  { difference, batch }: Found,
  found: { by: DifferenceReport['foundBy']; message: string; cleaned: boolean },
): Promise<DifferenceReport> {
  const records = [difference];
  let at = difference.offset;
  try {
    for (let page = 0; page < VERIFY_REPORT_PAGES && records.length <= VERIFY_REPORT_RECORDS; page++) {
      const pair = await readPair(sides, pool, at, { maxBytes: VERIFY_PAGE_BYTES, cleaned: found.cleaned });
      if (!pair) break;
      const { differences } = compareShown(pair.from, pair.to, pair.source, pair.mirror);
      records.push(...differences.filter((d) => d.offset > difference.offset));
      at = pair.to;
      pair.release();
    }
  } catch (error) {
    link.log('info', `reading on behind a difference of ${partition.name}: ${(error as Error).message}`);
  }
  return {
    topic: partition.topic,
    sourceTopic: partition.sourceTopic,
    partition: partition.index,
    foundAt: Date.now(),
    foundBy: found.by,
    message: found.message,
    producer: batch && {
      id: String(batch.producerId),
      epoch: batch.producerEpoch,
      batchBaseOffset: String(batch.baseOffset),
      control: batch.control,
    },
    linkProducerId: String(link.identity.producerId),
    comparedFrom: String(difference.offset),
    comparedTo: String(at > difference.offset ? at : difference.offset + 1n),
    records: records.slice(0, VERIFY_REPORT_RECORDS).map(recordOf),
    more: records.length > VERIFY_REPORT_RECORDS,
  };
}

function recordOf({ offset, kind, source, mirror }: Difference): DifferenceReport['records'][number] {
  return {
    offset: String(offset),
    kind,
    source: source && factsView(source),
    mirror: mirror && factsView(mirror),
  };
}

const factsView = ({ timestamp, bytes, crc }: RecordFacts) => ({
  timestamp: String(timestamp),
  bytes,
  crc32c: crc.toString(16).padStart(8, '0'),
});
