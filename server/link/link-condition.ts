// The condition of a link as an operator sees it, from what both ends last answered.
import type { LinkError, LinkState } from '@/lib/contracts/link';
import { ConnectError, type KafkaError } from '@/server/kafka/wire/errors';
import type { LinkCore } from './link-core';
import type { LinkCondition } from './mirror-topic';

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
  if (core.paused) return { condition: 'PAUSED', state: 'PAUSED', error: 'NO_ERROR', message: null };
  const known = core.context.source.clusterId !== null && core.context.destination.clusterId !== null;
  const message =
    core.context.fills.way === 'TRANSACTIONS' ? slowFillsMessage(core.desired.destination.name) : null;
  return { condition: 'OK', state: known ? 'ACTIVE' : 'UNKNOWN', error: 'NO_ERROR', message };
}

export function slowFillsMessage(destination: string): string {
  return (
    `The link's principal may not write transaction markers on ${destination}: gaps are filled by empty transactions, which is exact but slow. ` +
    'Topics with many small transactions fall behind. Grant ALTER on the cluster (Kafka 3.9 and newer) or CLUSTER_ACTION for the fast way; it is noticed within a minute.'
  );
}

function linkErrorOf(error: KafkaError): LinkError {
  if (!(error instanceof ConnectError)) return 'TIMEOUT_ERROR';
  switch (error.stage) {
    case 'RESOLVE':
      return 'UNRESOLVABLE_BOOTSTRAP_ERROR';
    case 'TCP':
      return 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR';
    case 'TLS':
    case 'SASL':
      return 'AUTHENTICATION_ERROR';
    case 'API_VERSIONS':
      return 'UNKNOWN';
  }
}
