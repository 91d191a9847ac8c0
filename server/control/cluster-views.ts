// Registered clusters as pages see them. The only place where a clusterConfig becomes an answer: secrets stop here.
import type { ClusterConfig, ClusterProbe, ClusterView } from '@/lib/contracts/cluster';
import type { Catalog, RegisteredCluster } from './catalog';

export function clusterViewOf(
  cluster: RegisteredCluster,
  catalog: Catalog,
  probe: ClusterProbe | null,
): ClusterView {
  const { config, managedBy } = cluster;
  const { from, to } = catalog.linksUsing(config.name);
  return {
    name: config.name,
    bootstrapServers: config.bootstrapServers,
    security: securityView(config.security),
    managedBy,
    probe,
    linksFrom: from.map((link) => link.name),
    linksTo: to.map((link) => link.name),
  };
}

function securityView({ protocol, sasl, tls }: ClusterConfig['security']): ClusterView['security'] {
  return {
    protocol,
    saslMechanism: sasl?.mechanism ?? null,
    saslUsername: sasl?.username ?? null,
    tls: tls
      ? {
          caFile: tls.caFile ?? null,
          certFile: tls.certFile ?? null,
          keyFile: tls.keyFile ?? null,
          serverName: tls.serverName ?? null,
        }
      : null,
  };
}
