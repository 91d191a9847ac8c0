// How one right on topics is told: held, missing for some of them, or not known. Pure.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { AclOperation, RightRow, RightSide } from '@/lib/contracts/rights';
import { grantCommand } from './rights';

const NAMES_SHOWN = 20;

export type RowHead = { side: RightSide; resource: 'TOPIC'; operation: AclOperation };

export function topicRow(
  row: RowHead,
  cluster: ClusterConfig,
  use: string,
  lacking: readonly string[],
): RightRow {
  if (lacking.length === 0)
    return { ...row, status: 'HELD', message: `The link ${use}.`, topics: [], command: null };
  const shown = lacking.slice(0, NAMES_SHOWN);
  return {
    ...row,
    status: 'MISSING',
    message: `The link ${use}. Missing on ${lacking.length === 1 ? 'one topic' : `${lacking.length} topics`}.`,
    topics: shown,
    command: grantCommand(cluster, 'TOPIC', [row.operation], shown),
  };
}

export function unknownRow(
  row: RowHead,
  cluster: ClusterConfig,
  use: string,
  names: readonly string[],
): RightRow {
  return {
    ...row,
    status: 'NOT_RUN',
    message: `The link ${use}. Brokers tell it of existing topics only; the scratch sequence shows it for its prefix.`,
    topics: [],
    command: grantCommand(cluster, 'TOPIC', [row.operation], names.slice(0, NAMES_SHOWN)),
  };
}
