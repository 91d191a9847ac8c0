// Turns a cluster's configured security into what the wire client and kafkajs want.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { ClusterSasl } from '@/lib/contracts/cluster-security';
import { tokenSourceFor } from './token-source';
import { ClusterClient } from './wire/cluster-client';
import type { Security } from './wire/connection';
import type { SaslCredentials } from './wire/sasl/exchange';

export function wireSecurity(config: ClusterConfig): Security {
  const { protocol, sasl, tls } = config.security;
  return {
    tls: protocol === 'SSL' || protocol === 'SASL_SSL' ? (tls ?? {}) : null,
    sasl: sasl ? wireSasl(sasl) : null,
  };
}

function wireSasl(sasl: ClusterSasl): SaslCredentials {
  if (sasl.mechanism !== 'OAUTHBEARER') return sasl;
  const source = tokenSourceFor(sasl);
  return {
    mechanism: sasl.mechanism,
    clientId: sasl.clientId,
    token: () => source.token(),
    extensions: sasl.extensions ?? {},
  };
}

export function clientFor(
  config: ClusterConfig,
  clientId: string,
  timeouts: { connectTimeoutMs?: number; requestTimeoutMs?: number } = {},
): ClusterClient {
  return new ClusterClient({
    name: config.name,
    bootstrapServers: config.bootstrapServers,
    security: wireSecurity(config),
    clientId,
    ...timeouts,
  });
}
