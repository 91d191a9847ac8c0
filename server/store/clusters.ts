// Clusters that were added in the console. Those of landbridge.yaml are never stored.
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import type { Executor } from './store';

export async function listClusters(db: Executor): Promise<ClusterConfig[]> {
  const rows = await db.selectFrom('cluster').select(['name', 'config']).orderBy('name').execute();
  return rows.map((row) => clusterConfig.parse({ ...JSON.parse(row.config), name: row.name }));
}

export async function insertCluster(db: Executor, cluster: ClusterConfig, atMs: number): Promise<void> {
  await db
    .insertInto('cluster')
    .values({ name: cluster.name, config: configJson(cluster), createdAtMs: atMs, updatedAtMs: atMs })
    .execute();
}

export async function replaceCluster(db: Executor, cluster: ClusterConfig, atMs: number): Promise<void> {
  await db
    .updateTable('cluster')
    .set({ config: configJson(cluster), updatedAtMs: atMs })
    .where('name', '=', cluster.name)
    .execute();
}

export async function deleteCluster(db: Executor, name: string): Promise<void> {
  await db.deleteFrom('cluster').where('name', '=', name).execute();
}

function configJson({ bootstrapServers, security }: ClusterConfig): string {
  return JSON.stringify({ bootstrapServers, security });
}
