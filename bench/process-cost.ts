// What a process has cost so far, as the kernel counts it: CPU time of all its threads and its peak of resident memory. Linux only.
import { readFile } from 'node:fs/promises';

/** USER_HZ: the kernel tells times in hundredths of a second on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

/** User and system time of all threads, ended ones included. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the command in parentheses and may hold spaces; utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Highest resident memory since the process began (VmHWM), in MB of 10^6 bytes. */
export async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
  if (!(kibibytes > 0)) throw new Error(`/proc/${pid}/status tells no VmHWM; the bench needs Linux.`);
  return (kibibytes * 1024) / 1e6;
}
