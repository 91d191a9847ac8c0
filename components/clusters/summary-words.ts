// Whether the partitions of a cluster are well, as shape and word. Pure.
import type { ClusterSummary } from '@/lib/contracts/monitoring/cluster-summary';
import { formatDuration, plural } from '@/lib/format';
import type { Look } from './observed/look';

/** The worst that is true of any partition. */
export function replicaLook(
  summary: Pick<ClusterSummary, 'offline' | 'underMinIsr' | 'underReplicated' | 'untold'>,
): Look {
  const { offline, underMinIsr, underReplicated, untold } = summary;
  if (offline === null) return { shape: 'hollow', word: 'Not known', why: 'The metadata has not been read.' };
  if (offline > 0) return { shape: 'square', word: `${plural(offline, 'partition')} offline` };
  if (underMinIsr !== null && underMinIsr > 0)
    return { shape: 'square', word: `${plural(underMinIsr, 'partition')} under min ISR` };
  if (underReplicated !== null && underReplicated > 0)
    return { shape: 'triangle', word: `${plural(underReplicated, 'partition')} under-replicated` };
  if (untold !== null && untold > 0)
    return {
      ...{ shape: 'hollow', word: `${plural(untold, 'partition')} not known` },
      why: 'Their leaders did not answer in the last sweep.',
    };
  return { shape: 'circle', word: 'All in sync' };
}

/** `in step`, `1.4 s ahead`, `3 s behind` */
export function offsetText(seconds: number): string {
  if (Math.abs(seconds) < 0.5) return 'in step';
  return `${formatDuration(Math.abs(seconds))} ${seconds > 0 ? 'ahead' : 'behind'}`;
}
