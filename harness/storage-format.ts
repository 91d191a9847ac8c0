// Formats a broker's storage without a JVM per broker: StorageTool runs once per Kafka version, and what it wrote
// (the feature levels, the same for every cluster) is copied from then on. Only ids differ, and they are plain text.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brokerProperties, propertiesText } from './broker-properties';
import { findJava } from './java';
import type { KafkaDistribution } from './kafka-distribution';

const run = promisify(execFile);

/** A random id in Kafka's form: 16 bytes, URL-safe base64, and not starting with a dash (tools would take it for an option). */
export function randomKafkaId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

export async function formatStorage(
  distribution: KafkaDistribution,
  node: { id: number; dataDir: string; clusterId: string },
): Promise<void> {
  const template = join(distribution.cacheDir, 'bootstrap.checkpoint');
  if (!existsSync(template)) await makeTemplate(distribution, template);
  await mkdir(node.dataDir, { recursive: true });
  await copyFile(template, join(node.dataDir, 'bootstrap.checkpoint'));
  await writeFile(
    join(node.dataDir, 'meta.properties'),
    propertiesText({
      version: '1',
      'cluster.id': node.clusterId,
      'node.id': String(node.id),
      'directory.id': randomKafkaId(),
    }),
  );
}

async function makeTemplate(distribution: KafkaDistribution, template: string): Promise<void> {
  const java = await findJava();
  const work = await mkdtemp(join(distribution.cacheDir, 'format-'));
  try {
    const properties = join(work, 'server.properties');
    const dataDir = join(work, 'data');
    const self = { id: 1, port: 9092, controllerPort: 9093 };
    await writeFile(
      properties,
      propertiesText(
        brokerProperties({ id: 1, dataDir, brokers: [self], extraListeners: [], overrides: {} }),
      ),
    );
    await run(java.command, [
      ...['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', distribution.classpath],
      ...['kafka.tools.StorageTool', 'format', '-t', randomKafkaId(), '-c', properties],
    ]);
    await rename(join(dataDir, 'bootstrap.checkpoint'), template);
  } catch (cause) {
    throw new Error(`Kafka ${distribution.version}'s StorageTool could not format a folder in ${work}.`, {
      cause,
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
