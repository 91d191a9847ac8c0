// Whether a link's principal holds what the offset sync needs on groups: a row for each side. The brokers' answers are the truth, not a list of ACLs.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { type NameFilter, parseNameFilters } from '@/lib/contracts/name-filters';
import type { RightRow, RightSide } from '@/lib/contracts/rights';
import { groupOperations } from '@/server/kafka/groups';
import { clientFor } from '@/server/kafka/security';
import { CHECK_CLIENT_ID } from '../cluster-probe';
import { allows, grantCommand } from '../rights';
import { probeNameOf } from './group-lookup';

const NEEDED = {
  SOURCE: { operation: 'DESCRIBE', use: 'sees which groups there are and what they have committed' },
  DESTINATION: { operation: 'READ', use: 'commits offsets of groups' },
} as const;
/** Filters asked for one by one. */
const PROBED = 20;

/** @param filters consumer.offset.group.filters; without an include nothing is needed */
export async function groupRights(
  side: RightSide,
  cluster: ClusterConfig,
  filters: string,
): Promise<RightRow[]> {
  const included = parseNameFilters('groupFilters', filters).filter((f) => f.filterType === 'INCLUDE');
  if (included.length === 0) return [];
  const { operation, use } = NEEDED[side];
  const lacking = await lackingOf(cluster, included.slice(0, PROBED), operation);
  const row = { side, resource: 'GROUP', operation } as const;
  if (lacking.length === 0)
    return [{ ...row, status: 'HELD', message: `The link ${use}.`, topics: [], command: null }];
  return [
    {
      ...row,
      status: 'MISSING',
      message: `The link ${use}. Missing on ${lacking.map(nameOf).join(', ')}, or held on single groups only.`,
      topics: [],
      command: grantCommands(cluster, operation, lacking),
    },
  ];
}

async function lackingOf(
  cluster: ClusterConfig,
  filters: readonly NameFilter[],
  operation: 'DESCRIBE' | 'READ',
): Promise<NameFilter[]> {
  const client = clientFor(cluster, CHECK_CLIENT_ID);
  try {
    const lacking: NameFilter[] = [];
    for (const filter of filters) {
      const operations = await groupOperations(client, probeNameOf(filter));
      if (operations === null || !allows(operations, operation)) lacking.push(filter);
    }
    return lacking;
  } finally {
    client.close();
  }
}

const nameOf = ({ name, patternType }: NameFilter): string =>
  patternType === 'PREFIXED' ? `${name}…` : name;

/** One call for the names, and one for the prefixes. */
export function grantCommands(
  cluster: ClusterConfig,
  operation: 'DESCRIBE' | 'READ',
  filters: readonly NameFilter[],
): string {
  return (['LITERAL', 'PREFIXED'] as const)
    .map((patternType) =>
      filters.filter((filter) => filter.patternType === patternType).map(({ name }) => name),
    )
    .flatMap((names, at) =>
      names.length === 0 ? [] : [grantCommand(cluster, 'GROUP', [operation], names, at === 1)],
    )
    .join('\n');
}
