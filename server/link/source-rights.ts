// The rights that a link needs on its source. The brokers' own answers are the truth, not a list of ACLs.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { RightRow } from '@/lib/contracts/rights';
import { clientFor } from '@/server/kafka/security';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { CHECK_CLIENT_ID } from './cluster-probe';
import { topicRow } from './right-rows';
import { allows, grantCommand, TOPIC_RIGHTS } from './rights';

/** @param topics those to be mirrored; without any, all that can be seen: one that may be read is enough then */
export async function sourceRights(cluster: ClusterConfig, topics: readonly string[]): Promise<RightRow[]> {
  const client = clientFor(cluster, CHECK_CLIENT_ID);
  try {
    const found = await client.metadata(topics.length > 0 ? [...new Set(topics)] : null, {
      operations: true,
    });
    const seen = found.topics.filter((t) => t.errorCode === 0 && !t.internal);
    const hidden = found.topics.filter((t) => t.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    return TOPIC_RIGHTS.SOURCE.map(({ operation, use }) => {
      const row = { side: 'SOURCE', resource: 'TOPIC', operation } as const;
      const lacking = [
        ...hidden,
        ...seen.filter((t) => t.operations !== null && !allows(t.operations, operation)),
      ];
      const names = lacking.map((t) => t.name).sort();
      const held = seen.length + hidden.length - lacking.length;
      if (topics.length === 0 && held > 0)
        return {
          ...row,
          status: 'HELD',
          message: `The link ${use}: held on ${held} of ${seen.length} topics that can be seen.`,
          topics: [],
          command: null,
        };
      if (topics.length === 0 && names.length === 0)
        return {
          ...row,
          status: 'NOT_RUN',
          message: `The link ${use}. No topic of ${cluster.name} can be seen: there is none, or the principal holds nothing on any.`,
          topics: [],
          command: grantCommand(cluster, 'TOPIC', [operation], ['<topic>']),
        };
      return topicRow(row, cluster, use, names);
    });
  } finally {
    client.close();
  }
}
