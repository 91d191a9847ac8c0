// The condition of a link as an operator sees it, from what both ends last answered.
import type { LinkError, LinkState } from '@/lib/contracts/link';
import type { Throttled } from '@/server/kafka/wire/cluster-client';
import { ConnectError, ErrorCode, type KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import type { LinkCore } from './link-core';
import { linkErrorAt } from './link-errors';
import type { LinkCondition } from './mirror-topic';
import { grantCommand } from './rights';

export type Condition = {
  condition: LinkCondition;
  state: LinkState;
  error: LinkError;
  message: string | null;
};

export function conditionOf(core: LinkCore, state: LinkState): Condition {
  if (core.fatal) return { condition: 'FAILED', state: 'FAILED', error: 'UNKNOWN', message: core.fatal };
  const settings = core.context.settings;
  const patienceMs =
    settings['availability.check.ms'] * settings['availability.check.consecutive.failure.threshold'];
  const now = performance.now();
  for (const [trouble, okMs, side] of [
    [core.health.sourceTrouble, core.health.sourceOkMs, 'SOURCE_UNAVAILABLE'],
    [core.health.destinationTrouble, core.health.destinationOkMs, 'FAILED'],
  ] as const) {
    if (!trouble || (now - okMs < patienceMs && state !== 'UNKNOWN' && state !== 'UNAVAILABLE')) continue;
    const authentication = trouble instanceof ConnectError && trouble.stage === 'SASL' && !trouble.retriable;
    return {
      condition: side,
      state: authentication ? 'FAILED' : 'UNAVAILABLE',
      error: linkErrorOf(trouble),
      message: `${trouble.message}. Tried again by itself.`,
    };
  }
  const right = missingIdentityRight(core);
  if (right && !core.paused)
    return { condition: 'FAILED', state: 'FAILED', error: 'AUTHORIZATION_ERROR', message: right };
  if (core.paused) return { condition: 'PAUSED', state: 'PAUSED', error: 'NO_ERROR', message: null };
  const known = core.context.source.clusterId !== null && core.context.destination.clusterId !== null;
  return { condition: 'OK', state: known ? 'ACTIVE' : 'UNKNOWN', error: 'NO_ERROR', message: remarkOn(core) };
}

/** What an operator should know of a link that does its work. */
function remarkOn({ context, desired }: LinkCore): string | null {
  const remarks = [
    context.fills.way === 'TRANSACTIONS' ? slowFillsMessage(desired.destination.name) : null,
    context.source.throttled && throttledMessage(context.source.throttled, desired.name),
    context.destination.throttled && throttledMessage(context.destination.throttled, desired.name),
  ].filter((remark) => remark !== null);
  return remarks.length === 0 ? null : remarks.join(' ');
}

const quotas: Partial<Record<string, string>> = {
  Fetch: 'consumer_byte_rate or request_percentage',
  Produce: 'producer_byte_rate or request_percentage',
};

export function throttledMessage({ where, api }: Throttled, link: string): string {
  return (
    `A quota of the brokers slows this link down: ${where} holds it back after ${api} (${quotas[api] ?? 'request_percentage'}). Nothing is lost; the lag grows where the source is faster. ` +
    `To raise it: kafka-configs --alter --entity-type clients --entity-name landbridge-${link} (or the link's user), or see what is set with --describe.`
  );
}

/** Without its transactional id a link may not know whether it still is the only one that writes. */
function missingIdentityRight({ context, desired }: LinkCore): string | null {
  const { trouble, transactionalId } = context.identity;
  if (!(trouble instanceof ProtocolError) || trouble.code !== ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
    return null;
  const prefix = `landbridge-${desired.name}-`;
  const command = grantCommand(desired.destination, 'TRANSACTIONAL_ID', ['WRITE'], [prefix], true);
  return `The link's principal lacks WRITE on transactional id ${transactionalId} of ${desired.destination.name}, which shows that no other engine writes. Grant it: ${command}. Tried again by itself.`;
}

export function slowFillsMessage(destination: string): string {
  return (
    `The link's principal may not write transaction markers on ${destination}: gaps are filled by empty transactions, which is exact but slow. ` +
    'Topics with many small transactions fall behind. Grant ALTER on the cluster (Kafka 3.9 and newer) or CLUSTER_ACTION for the fast way; it is noticed within a minute.'
  );
}

function linkErrorOf(error: KafkaError): LinkError {
  return error instanceof ConnectError ? linkErrorAt(error.stage) : 'TIMEOUT_ERROR';
}
