/**
 * Hashing of passwords: argon2id, two at a time, because each takes 64 MiB. An account that does not exist costs the same
 * time as one that does.
 */
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** KiB, and passes over them. */
export type PasswordCost = { memoryCost: number; timeCost: number };

/** RFC 9106, section 4: three passes over 64 MiB. About 0.1 s on one core. */
const safeCost: PasswordCost = { memoryCost: 65_536, timeCost: 3 };
const atOnce = 2;

export class Passwords {
  readonly #cost: PasswordCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /** The hash of a password that nobody knows. */
  #nobodys: Promise<string> | null = null;

  /** @param cost another only in tests of what is around passwords */
  constructor(cost: PasswordCost = safeCost) {
    this.#cost = cost;
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(asTyped(password), { algorithm: 2, ...this.#cost, parallelism: 1 }));
  }

  /** @param stored null when there is no such account, or one without a password: false, after the same time */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await this.prepare());
    const fits = await this.#inTurn(() => verify(against, asTyped(password)));
    return fits && stored !== null;
  }

  /** Made with other parameters than today's: hash anew while the password is known. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost } = this.#cost;
    return !stored.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=1$`);
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
