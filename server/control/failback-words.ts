// What is said of a failback before it is begun. Pure.
import type { FailbackRequest } from '@/lib/contracts/failback';
import type { PartingLook } from '@/lib/contracts/remake';
import { TOPIC_NAME_AT_MOST } from '@/lib/mirror-name';
import { LandbridgeError } from '@/server/errors';
import type { CatalogLink, CatalogMirror } from './catalog';

type About = { link: CatalogLink; mirror: CatalogMirror };

export function failbackMessage({ link, mirror }: About, parting: PartingLook, exists: boolean): string {
  const { sourceTopic, topic } = mirror;
  const way = `the link "${link.name}" from "${link.destination}" to "${link.source}"${exists ? '' : ', which is made for it'}`;
  if (!parting.old)
    return `"${link.source}" has no topic "${sourceTopic}": it is created and mirrored from "${topic}" over ${way}.`;
  if (!parting.diverged)
    return `"${sourceTopic}" on "${link.source}" shows nothing that "${topic}" has not: it is taken over as it is and mirrored on over ${way}. It is read as a whole first; where that finds a difference, it is deleted and made anew.`;
  const count = parting.records === null ? 'Records' : `${parting.records} records`;
  return `${count} of "${sourceTopic}" on "${link.source}" are not in "${topic}". The topic is deleted there, created anew, and mirrored from "${topic}" over ${way}.`;
}

export function failbackWarnings(
  { link, mirror }: About,
  { old, partitions, records }: PartingLook,
  back: CatalogLink | null,
  options: FailbackRequest['options'],
): string[] {
  const warnings: string[] = [];
  const { source } = link;
  if (back?.settings['cluster.link.paused'])
    warnings.push(
      `The link "${back.name}" to "${back.destination}" is paused: it waits until that is resumed.`,
    );
  if (records !== '0' && !options.save)
    warnings.push(
      'What has diverged is gone for good with the topic: download it first, or have it copied to a topic.',
    );
  if (records === null) warnings.push('There is more than could be counted in time.');
  if (old?.rightsMissing) warnings.push(`It would be refused. ${old.rightsMissing}`);
  if (old && old.activeGroups.length > 0)
    warnings.push(
      `Consumers are active on it, in the groups ${old.activeGroups.join(', ')}: ${options.activeGroups === 'refuse' ? 'it would be refused until they stop' : 'they lose it while they run'}.`,
    );
  for (const { partition, note } of partitions.slice(0, 10))
    if (note !== null) warnings.push(`Partition ${partition}: ${note}`);
  warnings.push(`Stop whoever writes to "${mirror.sourceTopic}" on "${source}": it waits until nobody does.`);
  const syncs = (back ?? link).settings['consumer.offset.sync.enable'];
  warnings.push(
    syncs
      ? `What groups have committed on "${source}" for the topic goes with it where it is made anew; the link back commits their positions of "${link.destination}" there as the mirror grows. Where the topic stays, the same happens once, unless a group commits there again by itself.`
      : `The link back does not sync consumer offsets (consumer.offset.sync.enable): groups on "${source}" begin where their consumers say.`,
  );
  return warnings;
}

/** @throws LandbridgeError INVALID_REQUEST for a name that would be too long for a topic */
export function divergedName(topic: string, at: Date): string {
  const stamp = at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const name = `${topic}.diverged-${stamp}`;
  if (name.length <= TOPIC_NAME_AT_MOST) return name;
  throw new LandbridgeError(
    'INVALID_REQUEST',
    `"${name}" has ${name.length} characters; a topic name has at most ${TOPIC_NAME_AT_MOST}. Download what has diverged instead.`,
  );
}
