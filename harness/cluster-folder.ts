// What a cluster leaves in its folder for its next start: id, version, ports; and whether a previous broker still runs there.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { freePorts, isPortFree } from './ports';

const PREVIOUS_BROKER_LIMIT_MS = 20_000;

const savedCluster = z.object({
  clusterId: z.string(),
  version: z.string(),
  ports: z.array(z.number().int()),
  controllerPorts: z.array(z.number().int()),
});
export type SavedCluster = z.infer<typeof savedCluster>;

export async function loadSavedCluster(dir: string, count: number): Promise<SavedCluster | undefined> {
  const file = fileIn(dir);
  if (!existsSync(file)) return undefined;
  const saved = savedCluster.parse(JSON.parse(await readFile(file, 'utf8')));
  if (saved.ports.length !== count)
    throw new Error(
      `${dir} holds a cluster of ${saved.ports.length} brokers, not ${count}. Remove the folder or start it with ${saved.ports.length}.`,
    );
  return saved;
}

export async function saveCluster(dir: string, cluster: SavedCluster): Promise<void> {
  await writeFile(fileIn(dir), `${JSON.stringify(cluster, null, 2)}\n`);
}

const fileIn = (dir: string) => join(dir, 'cluster.json');

/** Asked-for ports must be free; remembered ones are replaced when another program has them by now. */
export async function choosePorts(
  asked: number[] | undefined,
  remembered: number[] | undefined,
  count: number,
): Promise<number[]> {
  if (asked) {
    for (const port of asked)
      if (!(await isPortFree(port)))
        throw new Error(`Port ${port} on 127.0.0.1 is taken by another program; choose another one.`);
    return asked;
  }
  const free = await Promise.all((remembered ?? []).map((port) => isPortFree(port)));
  const usable = (remembered ?? []).map((port, i) => (free[i] ? port : undefined));
  const fresh = await freePorts(count - usable.filter((port) => port !== undefined).length);
  return Array.from({ length: count }, (_, i) => usable[i] ?? (fresh.shift() as number));
}

/** After a crash the guard may still be shutting the previous broker down; it holds the lock on the data until then. */
export async function waitForPreviousBroker(nodeDir: string): Promise<void> {
  const pidFile = join(nodeDir, 'broker.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number((await readFile(pidFile, 'utf8')).trim());
  const deadline = Date.now() + PREVIOUS_BROKER_LIMIT_MS;
  while (await isBrokerOf(nodeDir, pid)) {
    if (Date.now() > deadline)
      throw new Error(
        `Process ${pid} still runs a broker on ${nodeDir}. Stop whatever started it (another demo?), or end that process.`,
      );
    await sleep(100);
  }
}

async function isBrokerOf(nodeDir: string, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(nodeDir);
  } catch {
    // No such process; or no /proc, where a reused pid cannot be told apart and Kafka's own lock file decides.
    return false;
  }
}
