/**
 * Hashing of passwords: argon2id, two at a time, because each takes 64 MiB. An account that does not exist costs the same
 * time as one that does.
 */
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** RFC 9106, section 4: three passes over 64 MiB. About 0.1 s on one core. */
const argon2id = { algorithm: 2, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
const parameters = `$argon2id$v=19$m=${argon2id.memoryCost},t=${argon2id.timeCost},p=${argon2id.parallelism}$`;
const atOnce = 2;

export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** The hash of a password that nobody knows. */
  #nobodys: Promise<string> | null = null;

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(asTyped(password), argon2id));
  }

  /** @param stored null when there is no such account, or one without a password: false, after the same time */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await this.prepare());
    const fits = await this.#inTurn(() => verify(against, asTyped(password)));
    return fits && stored !== null;
  }

  /** Made with other parameters than today's: hash anew while the password is known. */
  isOutdated(stored: string): boolean {
    return !stored.startsWith(parameters);
  }

  /** Called at the start, so that the first unknown account takes no longer than the others. */
  prepare(): Promise<string> {
    this.#nobodys ??= this.hash(randomBytes(24).toString('base64'));
    return this.#nobodys;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= atOnce) await new Promise<void>((next) => this.#waiting.push(next));
    else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/** The same characters may come in two forms, depending on the keyboard (NIST SP 800-63B, section 5.1.1.2). */
const asTyped = (password: string): string => password.normalize('NFKC');
