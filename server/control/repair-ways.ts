// Which ways there are to repair a mirror, and which of them fit what it has failed for: from the catalog and the newest frame. Pure; nothing is asked of
// Kafka.
import type { LinkSnapshot } from '@/lib/contracts/engine';
import type { MirrorError } from '@/lib/contracts/link';
import type { OldTopicLook, RemakeOptions } from '@/lib/contracts/remake';
import type { LostRange, RepairView, RepairWay } from '@/lib/contracts/repair';
import { LandbridgeError } from '@/server/errors';
import type { CatalogLink, CatalogMirror } from './catalog';
import type { MirrorFact } from './mirror-facts';
import { requireMirroring } from './operation-plan';

type Exception = LinkSnapshot['mirrors'][number]['exceptions'][number];
export type RepairFacts = {
  link: CatalogLink;
  mirror: CatalogMirror;
  /** Null: not known just now. */
  fact: MirrorFact | null;
  exceptions: readonly Exception[];
};
type Way = RepairView['ways'][number];

export function repairWays(facts: RepairFacts): Way[] {
  return [checkAgain(facts), declareLost(facts), reseed(facts)];
}

/** @throws LandbridgeError MIRROR_STATE with why the way does not fit */
export function requireFits(facts: RepairFacts, wanted: RepairWay): void {
  requireMirroring(facts.mirror);
  const way =
    wanted === 'RESEED' && facts.fact === null ? null : repairWays(facts).find((one) => one.way === wanted);
  if (way && !way.fits) throw new LandbridgeError('MIRROR_STATE', way.message);
}

export function lostRanges({ exceptions }: RepairFacts): LostRange[] {
  return exceptions.flatMap(({ partition, error, lost }) =>
    error === 'SOURCE_RANGE_LOST' && lost ? [{ partition, ...lost }] : [],
  );
}

const failed = ({ fact }: RepairFacts) => fact?.state === 'FAILED';
const notFailed = ({ mirror }: RepairFacts) => `"${mirror.topic}" has not failed.`;

const fits = (way: RepairWay, message: string): Way => ({ way, fits: true, message });
const not = (way: RepairWay, message: string): Way => ({ way, fits: false, message });

function checkAgain(facts: RepairFacts): Way {
  const way = 'CHECK_AGAIN';
  if (!failed(facts)) return not(way, notFailed(facts));
  const errors = new Set(errorsOf(facts));
  if (errors.size > 0 && [...errors].every((error) => hopeless[error] !== undefined))
    return not(way, hopeless[[...errors][0] as MirrorError] as string);
  const what = [...errors].map((error) => mended[error]).find((text) => text !== undefined);
  return fits(
    way,
    `Both sides are looked at as at a start, and mirroring goes on where they fit together. ${what ?? 'For where the cause has been mended.'}`,
  );
}

function errorsOf({ fact, exceptions }: RepairFacts): MirrorError[] {
  const errors = exceptions.filter(({ state }) => state === 'FAILED').map(({ error }) => error);
  return errors.length > 0 ? errors : fact ? [fact.error] : [];
}

/** What no second look can find mended. */
const hopeless: Partial<Record<MirrorError, string>> = {
  TOMBSTONES_EXPIRED:
    'Deletions may have been missed, and the source does not have them any more: no second look can tell. Re-seed the mirror.',
  SOURCE_RANGE_LOST:
    'The range is gone from the source, and stays gone. Declare it lost, set source.range.lost=follow, or re-seed the mirror.',
};
const mended: Partial<Record<MirrorError, string>> = {
  SOURCE_TOPIC_MAY_BE_DELETED: 'For where the source topic is back, as it was and with its id.',
  SOURCE_TOPIC_ID_CHANGED: 'For where the topic that was mirrored is back under its name, with its id.',
  RECORD_TOO_LARGE: 'For where max.message.bytes of the mirror topic was raised.',
  UNEXPECTED_TRUNCATION: 'For where the source has the records again.',
  UNEXPECTED_WRITE:
    'For where what somebody else wrote is not there any more. A difference that verification found is taken back by a sweep, by nothing else.',
  UNSUPPORTED_MESSAGE_FORMAT: 'For where the source holds no records of the old formats any more.',
};

function declareLost(facts: RepairFacts): Way {
  const way = 'DECLARE_LOST';
  const ranges = lostRanges(facts);
  if (ranges.length > 0) {
    const named = ranges
      .slice(0, 3)
      .map(({ partition, from, to }) => `partition ${partition}, offsets ${from} to ${BigInt(to) - 1n}`);
    const more = ranges.length > named.length ? `; and ${ranges.length - named.length} more` : '';
    return fits(
      way,
      `The named range is given up, and mirroring goes on behind it: ${named.join('; ')}${more}. It is one at a time.`,
    );
  }
  if (facts.link.settings['source.range.lost'] === 'follow')
    return not(
      way,
      'No partition stands for a lost range: with source.range.lost=follow the link goes on by itself, and the timeline names the range.',
    );
  return not(
    way,
    'No partition stands for a range that the source deleted before it was mirrored (SOURCE_RANGE_LOST).',
  );
}

function reseed({ link, mirror, fact }: RepairFacts): Way {
  const way = 'RESEED';
  if (mirror.stopped) return not(way, 'It was stopped, and is an ordinary topic.');
  if (mirror.operation) return not(way, 'An operation on it is under way.');
  if (mirror.paused || link.settings['cluster.link.paused'])
    return not(way, `It is paused${mirror.paused ? '' : ' with its link'}: resume it first.`);
  if (fact?.error === 'SOURCE_TOPIC_MAY_BE_DELETED')
    return not(
      way,
      'The source has no such topic: what stands on the destination may be the only copy. Bring the source topic back first.',
    );
  if (fact?.state === 'SOURCE_UNAVAILABLE')
    return not(way, 'The source does not answer: what stands on the destination may be the only copy.');
  return fits(
    way,
    `The topic is deleted on "${link.destination}" and mirrored anew, from where mirror.start.offset.spec says. Its consumers lose it meanwhile.`,
  );
}

/** What can go wrong with a re-seed. @param look null: not looked at, or there is no topic */
export function reseedWarnings(
  { fact }: RepairFacts,
  look: OldTopicLook | null,
  activeGroups: RemakeOptions['activeGroups'],
): string[] {
  const warnings: string[] = [];
  if (fact?.error === 'UNEXPECTED_TRUNCATION')
    warnings.push(
      'The source has lost records that this mirror still has: they are deleted with it. Save them first if they matter.',
    );
  if (look?.rightsMissing) warnings.push(`It would be refused. ${look.rightsMissing}`);
  if (look && look.activeGroups.length > 0)
    warnings.push(
      `Consumers are active on the topic, in the groups ${look.activeGroups.join(', ')}: ${activeGroups === 'refuse' ? 'it would be refused until they stop' : 'they lose it while they run'}.`,
    );
  warnings.push(
    'What groups have committed for the topic goes with it; the sync of consumer offsets, where it is on, commits it again as the mirror grows.',
  );
  return warnings;
}
