// The error of a link, in Confluent's words, by the stage in which a connection failed.
import type { CheckStage } from '@/lib/contracts/cluster';
import type { LinkError } from '@/lib/contracts/link';

const errors: Partial<Record<CheckStage, LinkError>> = {
  RESOLVE: 'UNRESOLVABLE_BOOTSTRAP_ERROR',
  TCP: 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR',
  TLS: 'AUTHENTICATION_ERROR',
  SASL: 'AUTHENTICATION_ERROR',
  METADATA: 'INVALID_BOOTSTRAP_INTERNAL_ENDPOINT_ERROR',
  RIGHTS: 'AUTHORIZATION_ERROR',
};

export function linkErrorAt(stage: CheckStage): LinkError {
  return errors[stage] ?? 'UNKNOWN';
}
