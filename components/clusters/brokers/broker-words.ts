// How brokers are shown: state, disks, role in the quorum. Pure.
import type { BrokerRow, BrokerState } from '@/lib/contracts/monitoring/brokers';
import type { Look } from '../observed/look';

const looks: Record<BrokerState, Look> = {
  SERVING: { shape: 'circle', word: 'Serving' },
  FENCED: { shape: 'bars', word: 'Fenced' },
  UNREACHABLE: { shape: 'square', word: 'Not reachable' },
  MISSING: { shape: 'square', word: 'Missing' },
};
export const brokerLook = ({ state, why }: Pick<BrokerRow, 'state' | 'why'>): Look => ({
  ...looks[state],
  why,
});

const roles = { LEADER: 'leader', VOTER: 'voter', OBSERVER: 'observer' } as const;
export const roleWord = (role: BrokerRow['quorumRole']): string | null =>
  role === null ? null : roles[role];

const DISK_FULL = 0.9;
const DISK_FILLING = 0.8;
/** How full a disk is, judged as the health rules do: 80 % is a warning, 90 % is bad. */
export function diskLook(ratio: number): Look['shape'] | null {
  if (ratio >= DISK_FULL) return 'square';
  return ratio >= DISK_FILLING ? 'triangle' : null;
}
