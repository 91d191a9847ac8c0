// Who the link is to a cluster, and what an unlisted topic is to everybody: found by trying, because brokers tell neither. Names of
// principals come from sign-in mechanisms, mapping rules and custom builders, so a guess must be proven before anybody is denied anything.
import { createHash, randomUUID } from 'node:crypto';
import { type AclBinding, bindingKey } from '@/lib/contracts/acl';
import { addAcls, listAclsAt, removeAcls } from '@/server/kafka/acls';
import { metadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, KafkaError } from '@/server/kafka/wire/errors';
import { ANY_HOST, EVERYBODY, isAbout } from './topic-access';

export type Self = {
  /** As authorizers name it; null where it could not be found. */
  principal: string | null;
  /** Super users are asked nothing. */
  superUser: boolean;
  /** Seen by trying; otherwise only what the sign-in suggests. */
  proven: boolean;
  /** allow.everyone.if.no.acl.found; null is not known. */
  openByDefault: boolean | null;
};

/** Names of topics that never exist: only ACLs on them do, for some milliseconds. */
export const TRIAL_PREFIX = 'landbridge-who-';
const CANDIDATES_TRIED = 100;
const IN_FORCE_LIMIT_MS = 5_000;

export const guessedSelf = (principal: string | null): Self => ({
  principal,
  superUser: false,
  proven: false,
  openByDefault: null,
});

/**
 * Puts ACLs on topics that don't exist and looks which of them the brokers hold against us.
 * @param guesses tried besides all principals that the present ACLs name
 * @param linkId  an earlier trial of this link that was cut off is cleaned up
 * @throws ProtocolError CLUSTER_AUTHORIZATION_FAILED without ALTER on the cluster
 */
export async function findSelf(
  client: ClusterClient,
  linkId: string,
  present: readonly AclBinding[],
  guesses: readonly string[],
): Promise<Self> {
  const own = `${TRIAL_PREFIX}${createHash('sha256').update(linkId).digest('hex').slice(0, 12)}-`;
  const left = present.filter(({ resourceName }) => resourceName.startsWith(own));
  if (left.length > 0) await removeAcls(client, left);
  const others = present.filter(({ resourceName }) => !resourceName.startsWith(TRIAL_PREFIX));
  const run = `${own}${randomUUID().slice(0, 8)}`;
  const connection = await client.anyConnection();
  const seenBefore = (await visible(connection, [run])).has(run);
  const trial = trialOf(run, seenBefore, candidatesOf(others, guesses));
  try {
    await addAcls(client, trial.bindings);
    await shownBy(connection, trial.bindings);
    const seen = await visible(connection, [trial.superName, ...trial.names.keys()]);
    const superUser = seenBefore && seen.has(trial.superName);
    const found = [...trial.names].find(([name]) => seen.has(name) !== seenBefore);
    return {
      principal: superUser ? null : (found?.[1] ?? null),
      superUser,
      proven: true,
      openByDefault: defaultSeen(others, run, seenBefore, superUser),
    };
  } finally {
    await removeAcls(client, trial.bindings);
  }
}

type Trial = { bindings: AclBinding[]; superName: string; names: Map<string, string> };

/** Where we see everything, each candidate is denied a name; where we see nothing, each is allowed one. Ours is the one that changes. */
function trialOf(run: string, seenBefore: boolean, candidates: readonly string[]): Trial {
  const superName = `${run}-everybody`;
  const trial: Trial = { bindings: [], superName, names: new Map() };
  if (seenBefore) trial.bindings.push(describing(superName, EVERYBODY, 'DENY'));
  for (const [index, candidate] of candidates.entries()) {
    const name = `${run}-${index}`;
    trial.names.set(name, candidate);
    if (seenBefore) {
      trial.bindings.push(describing(name, EVERYBODY, 'ALLOW'), describing(name, candidate, 'DENY'));
    } else trial.bindings.push(describing(name, candidate, 'ALLOW'));
  }
  return trial;
}

function candidatesOf(present: readonly AclBinding[], guesses: readonly string[]): string[] {
  const listed = present.filter(({ permission }) => permission === 'ALLOW').map((b) => b.principal);
  return [...new Set([...guesses, ...listed])]
    .filter((principal) => principal !== EVERYBODY && principal.includes(':'))
    .slice(0, CANDIDATES_TRIED);
}

/** Where an ACL names every topic, the default does not count, and shows again when that ACL is gone. */
function defaultSeen(
  present: readonly AclBinding[],
  name: string,
  seen: boolean,
  superUser: boolean,
): boolean | null {
  const about = present.filter((binding) => isAbout(binding, name));
  if (about.length > 0 || superUser) return null;
  return seen;
}

const describing = (resourceName: string, principal: string, permission: 'ALLOW' | 'DENY'): AclBinding => ({
  ...{ resourceType: 'TOPIC', resourceName, patternType: 'LITERAL' },
  ...{ principal, host: ANY_HOST, operation: 'DESCRIBE', permission },
});

/** Brokers say of topics that may be described whether they exist, and of others nothing. */
async function visible(connection: Connection, topics: string[]): Promise<Set<string>> {
  const answer = await connection.request(metadata, { topics });
  const seen = answer.topics.filter(({ errorCode }) => errorCode !== ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  return new Set(seen.map(({ name }) => name));
}

async function shownBy(connection: Connection, bindings: readonly AclBinding[]): Promise<void> {
  const end = performance.now() + IN_FORCE_LIMIT_MS;
  for (;;) {
    const keys = new Set((await listAclsAt(connection)).map(bindingKey));
    if (bindings.every((binding) => keys.has(bindingKey(binding)))) return;
    if (performance.now() > end)
      throw new KafkaError(`${connection.where} does not show new ACLs after ${IN_FORCE_LIMIT_MS / 1000} s`, {
        retriable: true,
      });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
