// Turns a cluster's configured security into what the wire client and kafkajs want.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { ClusterClient } from './wire/cluster-client';
import type { Security } from './wire/connection';

export function wireSecurity(config: ClusterConfig): Security {
  const { protocol, sasl, tls } = config.security;
  return {
    tls: protocol === 'SSL' || protocol === 'SASL_SSL' ? (tls ?? {}) : null,
    sasl: sasl ? { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password } : null,
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
