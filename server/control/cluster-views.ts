// Registered clusters as pages see them. The only place where a clusterConfig becomes an answer: secrets stop here.
import type { ClusterConfig, ClusterProbe, ClusterView } from '@/lib/contracts/cluster';
import type { RegisteredCluster } from './catalog';
import type { Visible } from './visible';

export function clusterViewOf(
  cluster: RegisteredCluster,
  visible: Visible,
  probe: ClusterProbe | null,
  deletions: ClusterView['deletions'],
): ClusterView {
  const { config, managedBy } = cluster;
  const { from, to } = visible.linksUsing(config.name);
  return {
    name: config.name,
    bootstrapServers: config.bootstrapServers,
    security: securityView(config.security),
    managedBy,
    probe,
    linksFrom: from.map((link) => link.name),
    linksTo: to.map((link) => link.name),
    deletions,
  };
}

function securityView({ protocol, sasl, tls }: ClusterConfig['security']): ClusterView['security'] {
  return {
    protocol,
    saslMechanism: sasl?.mechanism ?? null,
    saslUsername: sasl && sasl.mechanism !== 'OAUTHBEARER' ? sasl.username : null,
    oauth:
      sasl?.mechanism === 'OAUTHBEARER'
        ? {
            tokenEndpoint: sasl.tokenEndpoint,
            clientId: sasl.clientId,
            scope: sasl.scope ?? null,
            extensions: sasl.extensions ?? {},
            tokenEndpointCa: sasl.tokenEndpointCa ?? null,
            tokenEndpointCaFile: sasl.tokenEndpointCaFile ?? null,
          }
        : null,
    tls: tls
      ? {
          caFile: tls.caFile ?? null,
          certFile: tls.certFile ?? null,
          keyFile: tls.keyFile ?? null,
          ca: tls.ca ?? null,
          cert: tls.cert ?? null,
          hasKey: tls.key !== undefined || tls.keyFile !== undefined,
          serverName: tls.serverName ?? null,
        }
      : null,
  };
}
