// A file that only its owner may read, from its first moment on. By its mode, not by umask: threads have none of their own.
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes it if it is not there. What SQLite puts beside a database gets the database's own mode. */
export function makePrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}
