// What the numbers of a metadata quorum mean, as shape and word. Pure.
import type { QuorumReplica, QuorumView } from '@/lib/contracts/monitoring/brokers';
import { formatDuration, plural } from '@/lib/format';
import type { Look } from '../observed/look';

/** A voter that has not been caught up for so long counts as failed, as headroom does. */
const VOTER_GONE_SECONDS = 30;
const LATE_SECONDS = 5;

/** How safe the quorum is: how many voters may still fail. */
export function headroomLook(
  view: Pick<QuorumView, 'told' | 'headroom' | 'leader' | 'voters' | 'evenVoters'>,
): Look {
  const { headroom, leader, voters } = view;
  if (!view.told) return { shape: 'hollow', word: 'Not told' };
  if (leader === null)
    return {
      ...{ shape: 'square', word: 'No leader' },
      why: 'No voter leads: nothing about the cluster can be changed, no leader elected, no topic created.',
    };
  if (headroom === null) return { shape: 'hollow', word: 'Not known', why: 'No voter told how far it is.' };
  if (headroom < 0)
    return {
      ...{ shape: 'square', word: 'No majority' },
      why: 'Fewer voters are caught up than a majority takes.',
    };
  if (voters.length === 1)
    return {
      shape: 'triangle',
      word: 'One voter',
      why: 'Without it nothing about the cluster can be changed.',
    };
  if (headroom === 0)
    return {
      ...{ shape: 'triangle', word: 'No voter may fail' },
      why: 'One more failed voter and there is no majority.',
    };
  return { shape: 'circle', word: `${plural(headroom, 'voter')} may fail` };
}

/** How a voter or observer follows. @param leader the one that leads does not follow */
export function replicaLook(replica: QuorumReplica, leader: number | null): Look {
  if (replica.id === leader) return { shape: 'circle', word: 'Leads' };
  const { behindSeconds } = replica;
  if (behindSeconds === null)
    return {
      shape: 'hollow',
      word: 'Not known',
      why: 'This release of Kafka does not tell when it was caught up.',
    };
  const detail = formatDuration(behindSeconds);
  if (behindSeconds >= VOTER_GONE_SECONDS)
    return { shape: 'square', word: 'Gone', detail, why: 'It has not been caught up for 30 s or more.' };
  if (behindSeconds >= LATE_SECONDS) return { shape: 'triangle', word: 'Late', detail };
  return { shape: 'circle', word: 'Follows' };
}

/** Why an even number of voters is no good idea. */
export const evenVotersText = (voters: number): string =>
  `${voters} voters stand no more failures than ${voters - 1}: a majority takes ${voters / 2 + 1}. Add one or take one away.`;
