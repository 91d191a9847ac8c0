// ACLs of a cluster: all that stand, adding and removing exact bindings, and waiting until every broker goes by them. Decides nothing.
import { type AclBinding, bindingKey, bindingText } from '@/lib/contracts/acl';
import { type AclResult, createAcls, deleteAcls, describeAcls } from './wire/apis/acls';
import type { ClusterClient } from './wire/cluster-client';
import type { Connection } from './wire/connection';
import { KafkaError, ProtocolError } from './wire/errors';

/** Bindings in one request; controllers take at most 10,000 records in one change. */
const BATCH = 500;
const LOOK_EVERY_MS = 10;

/** All bindings that a broker knows. @throws ProtocolError CLUSTER_AUTHORIZATION_FAILED without DESCRIBE on the cluster, SECURITY_DISABLED without an authorizer */
export async function listAcls(client: ClusterClient): Promise<AclBinding[]> {
  return listAclsAt(await client.anyConnection());
}

export async function listAclsAt(connection: Connection): Promise<AclBinding[]> {
  const answer = await connection.request(describeAcls, { resourceType: null });
  if (answer.errorCode !== 0)
    throw new ProtocolError(
      answer.errorCode,
      connection.where,
      'DescribeAcls',
      answer.errorMessage ?? undefined,
    );
  return answer.bindings;
}

/** Those of one resource stay together and in order, so that a broker takes them over in one go. @throws ProtocolError naming the first binding that was refused */
export async function addAcls(client: ClusterClient, bindings: readonly AclBinding[]): Promise<void> {
  const connection = await client.anyConnection();
  for (const batch of batches(bindings)) {
    refuse(batch, await connection.request(createAcls, batch), connection, 'CreateAcls');
  }
}

/** Removes exactly these; one that isn't there is no error. @throws ProtocolError naming the first binding that was refused */
export async function removeAcls(client: ClusterClient, bindings: readonly AclBinding[]): Promise<void> {
  const connection = await client.anyConnection();
  for (const batch of batches(bindings))
    refuse(batch, await connection.request(deleteAcls, batch), connection, 'DeleteAcls');
}

/**
 * Resolves when every broker shows the wanted bindings and none of the unwanted ones: each answers from what it goes by itself.
 * @returns what the last broker that was asked shows
 * @throws KafkaError when that is not so within the limit, or a broker can't be asked
 */
export async function aclsInForce(
  client: ClusterClient,
  {
    present,
    absent,
    limitMs,
  }: { present: readonly AclBinding[]; absent: readonly AclBinding[]; limitMs: number },
): Promise<AclBinding[]> {
  const end = performance.now() + limitMs;
  await client.anyConnection();
  let shown: AclBinding[] = [];
  for (const broker of client.brokers) {
    for (;;) {
      shown = await listAclsAt(await client.connection(broker.id, 'control'));
      const keys = new Set(shown.map(bindingKey));
      const lacking = present.find((binding) => !keys.has(bindingKey(binding)));
      const left = absent.find((binding) => keys.has(bindingKey(binding)));
      if (!lacking && !left) break;
      if (performance.now() > end) {
        const what = lacking
          ? `does not show ${bindingText(lacking)}`
          : `still shows ${bindingText(left as AclBinding)}`;
        throw new KafkaError(`${client.where(broker.id)} ${what} after ${limitMs / 1000} s`, {
          retriable: true,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
  return shown;
}

function* batches(bindings: readonly AclBinding[]): Generator<AclBinding[]> {
  let batch: AclBinding[] = [];
  for (const [at, binding] of bindings.entries()) {
    const before = bindings[at - 1];
    const sameResource = before?.resourceName === binding.resourceName;
    if (batch.length >= BATCH && !sameResource) {
      yield batch;
      batch = [];
    }
    batch.push(binding);
  }
  if (batch.length > 0) yield batch;
}

function refuse(
  batch: readonly AclBinding[],
  results: readonly AclResult[],
  connection: Connection,
  api: string,
): void {
  const at = results.findIndex(({ errorCode }) => errorCode !== 0);
  const result = results[at];
  const binding = batch[at];
  if (!result || !binding) return;
  const detail = [bindingText(binding), result.errorMessage].filter(Boolean).join(': ');
  throw new ProtocolError(result.errorCode, connection.where, api, detail);
}
