// Clusters that were added in the console, their secrets sealed. Those of landbridge.yaml are never stored.
import { type ClusterConfig, consoleClusterConfig } from '@/lib/contracts/cluster';
import { openConfig, type StoredConfig, sealConfig } from '@/server/access/sealed-config';
import type { SecretBox } from '@/server/access/secret-box';
import type { Executor } from './store';

/** @throws SealError when a secret was sealed with another key, or its row was changed by somebody else */
export async function listClusters(db: Executor, box: SecretBox): Promise<ClusterConfig[]> {
  const rows = await listStoredConfigs(db);
  return rows.map(({ name, config }) => consoleClusterConfig.parse(openConfig(box, name, config)));
}

export async function insertCluster(
  db: Executor,
  box: SecretBox,
  cluster: ClusterConfig,
  atMs: number,
): Promise<void> {
  const config = JSON.stringify(sealConfig(box, cluster));
  await db
    .insertInto('cluster')
    .values({ name: cluster.name, config, createdAtMs: atMs, updatedAtMs: atMs })
    .execute();
}

export async function replaceCluster(
  db: Executor,
  box: SecretBox,
  cluster: ClusterConfig,
  atMs: number,
): Promise<void> {
  await replaceStoredConfig(db, cluster.name, sealConfig(box, cluster), atMs);
}

export async function deleteCluster(db: Executor, name: string): Promise<void> {
  await db.deleteFrom('cluster').where('name', '=', name).execute();
}

/** As they stand in the column: for what seals, opens and re-seals. */
export async function listStoredConfigs(db: Executor): Promise<{ name: string; config: StoredConfig }[]> {
  const rows = await db.selectFrom('cluster').select(['name', 'config']).orderBy('name').execute();
  return rows.map(({ name, config }) => ({ name, config: JSON.parse(config) as StoredConfig }));
}

export async function replaceStoredConfig(
  db: Executor,
  name: string,
  config: StoredConfig,
  atMs: number,
): Promise<void> {
  await db
    .updateTable('cluster')
    .set({ config: JSON.stringify(config), updatedAtMs: atMs })
    .where('name', '=', name)
    .execute();
}
