// One server per data directory. The lock is a file that names the process; a lock whose process is gone is taken over.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from '@/server/errors';

const lockContent = z.object({
  pid: z.int().positive(),
  host: z.string(),
  processStart: z.string().nullable(),
});
type LockContent = z.infer<typeof lockContent>;

export type DataLock = { release(): void };

/** @throws StartError when a living process holds the directory. */
export function lockDataDir(dir: string): DataLock {
  const file = join(dir, 'landbridge.lock');
  const own: LockContent = { pid: process.pid, host: hostname(), processStart: processStart(process.pid) };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryCreate(file, own)) return { release: () => releaseOwn(file, own) };
    const holder = readHolder(file);
    if (holder && isAlive(holder, own)) {
      throw new StartError(
        `The data directory ${dir} is in use by process ${holder.pid} on ${holder.host}. ` +
          `Stop that server first, or start this one with another LANDBRIDGE_DATA_DIR. (If it is surely gone, remove ${file}.)`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new StartError(
    `The lock ${file} keeps changing: another server is starting on the same data directory.`,
  );
}

function tryCreate(file: string, own: LockContent): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, JSON.stringify(own));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new StartError(`Cannot write ${file}: the data directory must be writable.`, { cause: error });
  }
}

/** Null when the file is unreadable or torn: a crash while it was written. */
function readHolder(file: string): LockContent | null {
  try {
    const parsed = lockContent.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Another host's process cannot be looked at, so its lock is believed. Process ids are reused, so the start time counts too. */
function isAlive(holder: LockContent, own: LockContent): boolean {
  if (holder.host !== own.host) return true;
  if (holder.pid === own.pid) return holder.processStart === own.processStart;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return holder.processStart === null || processStart(holder.pid) === holder.processStart;
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat); null where there is no /proc. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function releaseOwn(file: string, own: LockContent): void {
  const holder = readHolder(file);
  if (holder && holder.pid === own.pid && holder.processStart === own.processStart)
    rmSync(file, { force: true });
}
