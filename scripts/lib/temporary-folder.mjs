// Where tests keep their stores and brokers: in memory where the system has a folder for that. A store and Kafka's metadata log
// wait for the disk at each commit, which takes tests as long as all their work on a slow or busy disk, and shows nothing.
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const inMemory = '/dev/shm';

/** @returns a folder with at least so much room in memory, or the system's temporary folder. TMPDIR decides where it is set. */
export function quickTemporaryFolder(neededMb) {
  if (process.env.TMPDIR) return process.env.TMPDIR;
  try {
    accessSync(inMemory, constants.W_OK);
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= neededMb * 2 ** 20 ? inMemory : tmpdir();
  } catch {
    return tmpdir(); // macOS has none
  }
}
