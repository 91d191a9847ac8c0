// Whether mirrors may be turned round: what the link must be able to do at its source, which becomes the destination, and whether the source holds
// anything that the mirror never had. Asks both clusters, changes nothing; whether other links are in the way is judged from the catalog.
import type { BackCheck, EngineRequest } from '@/lib/contracts/engine';
import type { OperationOptions } from '@/lib/contracts/operation';
import { removeAcls } from '@/server/kafka/acls';
import { clientFor } from '@/server/kafka/security';
import { ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';
import { CHECK_CLIENT_ID, CHECK_TIMEOUT_MS } from '../cluster-probe';
import { checkLink } from '../link-check';
import { FENCE_HINT } from '../remake/topic-look';
import { grantCommand } from '../rights';
import { endsOf, placesOf } from '../source-probe';

type Request = Omit<Extract<EngineRequest, { op: 'checkBack' }>, 'op'>;
type Cluster = Request['source'];

export async function checkWayBack(request: Request): Promise<BackCheck> {
  const { name, groupFilters } = request;
  const mirrors = request.mirrors.map(({ topic, sourceTopic }) => ({
    topic: sourceTopic,
    sourceTopic: topic,
  }));
  const ends = { source: request.destination, destination: request.source };
  const check = await checkLink({ op: 'checkLink', name, ...ends, scratch: false, mirrors, groupFilters });
  const unreachable = [...check.source, ...check.destination].some(
    ({ status, stage }) => status === 'FAILED' && stage !== 'RIGHTS',
  );
  if (unreachable) return { check, acls: 'REFUSED', longer: {} };
  return { check, acls: await mayChangeAcls(request.source), longer: await longerOnes(request) };
}

/** Removes an ACL that nobody has: the right is looked at first, and nothing is removed. */
async function mayChangeAcls(cluster: Cluster): Promise<BackCheck['acls']> {
  const client = clientFor(cluster, CHECK_CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS });
  try {
    await removeAcls(client, [
      {
        ...{ resourceType: 'TOPIC', resourceName: 'landbridge-no-such-topic', patternType: 'LITERAL' },
        ...{ principal: 'User:landbridge-nobody', host: '*', operation: 'WRITE', permission: 'DENY' },
      },
    ]);
    return 'ALLOWED';
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    if (error.code === ErrorCode.SECURITY_DISABLED) return 'NO_AUTHORIZER';
    if (error.code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED) return 'REFUSED';
    throw error;
  } finally {
    client.close();
  }
}

/** A mirror begins where its source begins: what stands in front would be deleted there. */
async function longerOnes({ source, destination, mirrors }: Request): Promise<Record<string, string>> {
  const clients = [source, destination].map((cluster) =>
    clientFor(cluster, CHECK_CLIENT_ID, { connectTimeoutMs: CHECK_TIMEOUT_MS }),
  );
  const longer: Record<string, string> = {};
  try {
    const names = [mirrors.map(({ sourceTopic }) => sourceTopic), mirrors.map(({ topic }) => topic)];
    const [there, here] = await Promise.all(
      clients.map(async (client, side) => {
        const { topics } = await client.metadata([...new Set(names[side])]);
        return endsOf(client, topics.filter(({ errorCode }) => errorCode === 0).flatMap(placesOf));
      }),
    );
    for (const { topic, sourceTopic } of mirrors)
      for (let partition = 0; there?.has(`${sourceTopic}-${partition}`); partition++) {
        const from = there.get(`${sourceTopic}-${partition}`)?.start ?? 0n;
        const own = here?.get(`${topic}-${partition}`)?.start;
        if (own === undefined || own <= from) continue;
        longer[topic] =
          `${sourceTopic} partition ${partition} on ${source.name} begins at offset ${from}, the mirror at ${own}: as a mirror it would lose what is in front of that. Promote instead, or, if nobody needs it, delete it there first (kafka-delete-records.sh up to ${own}).`;
        break;
      }
    return longer;
  } finally {
    for (const client of clients) client.close();
  }
}

/**
 * Why this mirror can't be turned, and what to do; null when nothing is in the way.
 * @param source the cluster that becomes the destination
 * @param fenced the link's own fence stands on the source topic: it must be able to write there only later
 */
export function backObstacle(
  { check, acls, longer }: BackCheck,
  source: Cluster,
  mirror: { topic: string; sourceTopic: string },
  options: Pick<OperationOptions, 'sourceFence' | 'producersStopped' | 'openTransactions'>,
  fenced = false,
): string | null {
  if (options.openTransactions === 'leave')
    return 'Nothing can be left behind in a reverse: both topics must hold the same. Wait for open transactions, or abort them.';
  if (options.sourceFence === 'none' && !options.producersStopped)
    return `Without a fence nothing keeps producers from writing to ${mirror.sourceTopic} on ${source.name}. Say that they are stopped (producersStopped), or let the reverse fence it (sourceFence: acl).`;
  const failed = [...check.destination, ...check.source].find(({ status }) => status === 'FAILED');
  if (failed && failed.stage !== 'RIGHTS') return failed.message;
  const vital = new Set(['READ', 'WRITE', 'DELETE', 'ALTER', 'ALTER_CONFIGS', 'DESCRIBE_CONFIGS']);
  for (const row of check.rights ?? []) {
    if (row.status !== 'MISSING') continue;
    const name = row.side === 'SOURCE' ? mirror.topic : mirror.sourceTopic;
    if (fenced && row.side === 'DESTINATION' && row.operation === 'WRITE' && row.resource === 'TOPIC')
      continue;
    const mine = row.resource === 'TOPIC' && vital.has(row.operation) && row.topics.includes(name);
    if (!mine && row.resource !== 'TRANSACTIONAL_ID') continue;
    return `On the way back the link needs ${row.operation} on ${row.resource.toLowerCase().replace('_', ' ')}${mine ? ` ${name}` : ''}. ${row.command ?? ''}${row.operation === 'WRITE' && mine ? FENCE_HINT : ''}`.trim();
  }
  if (options.sourceFence === 'acl' && acls === 'NO_AUTHORIZER')
    return `${source.name} has no authorizer, so that ${mirror.sourceTopic} can't be fenced there. Stop its producers and say so (sourceFence: none, producersStopped: true).`;
  if (options.sourceFence === 'acl' && acls === 'REFUSED')
    return `The link may not change ACLs on ${source.name}, so that ${mirror.sourceTopic} can't be fenced there. Grant ALTER on the cluster: ${grantCommand(source, 'CLUSTER', ['ALTER'], [])}. Or stop its producers and say so (sourceFence: none, producersStopped: true).`;
  return longer[mirror.topic] ?? null;
}
