// Signs in to a cluster with a configuration that is not in use yet: at every bootstrap server, and it must be the cluster that links expect.
import type { ClusterConfig, ClusterProbe } from '@/lib/contracts/cluster';
import { rememberSecrets } from '@/server/access/scrub';
import { secretsOf } from '@/server/access/sealed-config';
import type { EnginePort } from '@/server/engine-port';
import { LandbridgeError } from '@/server/errors';
import { clusterProbeConcurrency } from '@/server/intervals';
import type { Catalog } from './catalog';
import type { ClusterProber } from './cluster-prober';

type Parts = { catalog: Catalog; prober: ClusterProber; engine: EnginePort };

/** @throws LandbridgeError CREDENTIALS_REFUSED naming each server that refused, and the stage */
export async function requireSignIn(parts: Parts, wanted: ClusterConfig): Promise<void> {
  rememberSecrets(
    'on trial',
    secretsOf(wanted).map(({ value }) => value),
  );
  const queue = [...wanted.bootstrapServers];
  const refusals: string[] = [];
  const ids = new Map<string, string>();
  const worker = async () => {
    for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
      const cluster = { ...wanted, bootstrapServers: [server] };
      const probe = await parts.engine.request({ op: 'probeCluster', cluster });
      if (!probe.reachable) refusals.push(`${server}: ${failureOf(probe)}`);
      else if (probe.clusterId !== null) ids.set(server, probe.clusterId);
    }
  };
  await Promise.all(Array.from({ length: clusterProbeConcurrency }, worker));
  refusals.push(...foreign(ids, knownIds(parts, wanted.name)));
  if (refusals.length === 0) return;
  throw new LandbridgeError(
    'CREDENTIALS_REFUSED',
    `Cluster "${wanted.name}" was signed in to with the new settings, and that does not work; the old ones are still in use. ${refusals.join('. ')}.`,
  );
}

function foreign(ids: ReadonlyMap<string, string>, known: ReadonlySet<string>): string[] {
  const found = [...new Set(ids.values())];
  if (found.length > 1 && known.size === 0) {
    return [`the servers belong to different clusters (${found.join(', ')})`];
  }
  return [...known].flatMap((expected) =>
    [...ids]
      .filter(([, id]) => id !== expected)
      .map(([server, id]) => `${server}: this is cluster ${id}, and ${expected} is expected`),
  );
}

function knownIds({ catalog, prober }: Parts, name: string): Set<string> {
  const ids = catalog.links.flatMap((link) => [
    ...(link.source === name ? [link.sourceClusterId] : []),
    ...(link.destination === name ? [link.destinationClusterId] : []),
  ]);
  const registered = catalog.findCluster(name);
  const probed = registered && prober.last(registered.config)?.clusterId;
  return new Set(probed ? [...ids, probed] : ids);
}

function failureOf(probe: ClusterProbe): string {
  const failed = probe.checks.find((check) => check.status === 'FAILED');
  return failed ? `${failed.stage}: ${failed.message}` : 'it could not be reached';
}
