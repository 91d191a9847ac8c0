// Why a mirror or some of its partitions do not go on: in full, with since when.
'use client';
import { Lasting } from '@/components/shell/age';
import { Banner } from '@/components/ui/notice';
import type { MirrorRow, PartitionRow } from '@/lib/contracts/link';
import { plural } from '@/lib/format';
import { errorWord, stateLook } from './states';

const SHOWN = 5;

export function MirrorReasons({ mirror, partitions }: { mirror: MirrorRow; partitions: PartitionRow[] }) {
  const apart = partitions.filter((row) => row.message !== null && row.message !== mirror.message);
  const { shape } = stateLook(mirror.state, mirror.attention);
  const bad = shape === 'square' || apart.some((row) => stateLook(row.state).shape === 'square');
  if (!mirror.message && apart.length === 0) return null;
  return (
    <Banner tone={bad ? 'bad' : 'warn'} title={mirror.message ?? headline(apart)}>
      {apart.length > 0 ? (
        <ul className="flex flex-col gap-1 pt-1">
          {apart.slice(0, SHOWN).map((row) => (
            <li key={row.partition}>
              <span className="font-medium">
                Partition {row.partition}, {stateLook(row.state).word.toLowerCase()}
                {row.error === 'NO_ERROR' ? '' : `, ${errorWord(row.error)}`} for{' '}
                <Lasting since={row.since} />.
              </span>{' '}
              {row.message}
            </li>
          ))}
          {apart.length > SHOWN ? (
            <li className="text-soft">and {apart.length - SHOWN} more, in the table below</li>
          ) : null}
        </ul>
      ) : null}
    </Banner>
  );
}

const headline = (rows: PartitionRow[]): string =>
  `${plural(rows.length, 'partition needs', 'partitions need')} a look; the others go on`;
