/**
 * Makes guessing slow: after some failures each further attempt on an account, and each from an address, has to wait
 * twice as long, up to a limit. Nothing locks an account for good: whoever could do that could keep its owner out. An
 * attempt counts as failed from its start, so that many at once gain nothing.
 */
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { foldUserName } from '@/server/store/people';
import {
  deleteOldSignInFailures,
  deleteSignInFailures,
  putSignInFailure,
  signInFailuresOf,
} from '@/server/store/sign-in-failures';
import type { Store } from '@/server/store/store';

type Rule = { freeFailures: number; firstWaitMs: number; maxWaitMs: number; forgottenAfterMs: number };

const minuteMs = 60_000;

/** One person who mistypes is never asked to wait longer than a minute. */
const accountRule: Rule = {
  freeFailures: 5,
  firstWaitMs: 2_000,
  maxWaitMs: minuteMs,
  forgottenAfterMs: 24 * 60 * minuteMs,
};
/** Many people may sit behind one address, and one machine may try many accounts. */
const addressRule: Rule = {
  freeFailures: 20,
  firstWaitMs: 2_000,
  maxWaitMs: 15 * minuteMs,
  forgottenAfterMs: 60 * minuteMs,
};

export type Attempt =
  | { allowed: false; waitMs: number }
  /** Call it when the sign-in was right: the account starts anew, the attempt no longer counts against the address. */
  | { allowed: true; succeeded(): Promise<void> };

export class SignInBackoff {
  readonly #store: Store;
  readonly #nowMs: () => number;

  constructor(options: { store: Store; nowMs?: () => number }) {
    this.#store = options.store;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /**
   * @param options.knownPlace the person has signed in from this address before: failures elsewhere, and at other accounts
   * here, do not hold up its owner there; the account waits at this place as any other does, so that it tells nothing
   * @param options.of a program with a wrong key must not keep people of its address out, nor they it
   */
  async attempt(
    account: string,
    address: string | null,
    options: { knownPlace?: boolean; of?: 'people' | 'keys' } = {},
  ): Promise<Attempt> {
    const place = address === null ? 'unknown' : networkOf(address);
    const subjects = {
      address: named(options.of === 'keys' ? 'address of keys' : 'address', place),
      account: named('account', foldUserName(account)),
      accountHere: named('account at', `${place} ${foldUserName(account)}`),
    };
    const counted: { subject: string; rule: Rule; holds: boolean }[] = [
      { subject: subjects.address, rule: addressRule, holds: !options.knownPlace },
      {
        subject: options.knownPlace ? subjects.accountHere : subjects.account,
        rule: accountRule,
        holds: true,
      },
    ];
    return this.#store.transaction(async (trx) => {
      const nowMs = this.#nowMs();
      const known = await signInFailuresOf(
        trx,
        counted.map(({ subject }) => subject),
      );
      const state = counted.map(({ subject, rule, holds }) => {
        const row = known.get(subject);
        const failures = row && nowMs - row.lastAtMs < rule.forgottenAfterMs ? row.failures : 0;
        return {
          subject,
          failures,
          waitMs: row && holds ? row.lastAtMs + waitMs(rule, failures) - nowMs : 0,
        };
      });
      const longest = Math.max(...state.map((each) => each.waitMs));
      if (longest > 0) return { allowed: false, waitMs: longest };
      for (const { subject, failures } of state) {
        await putSignInFailure(trx, { subject, failures: failures + 1, lastAtMs: nowMs });
      }
      return { allowed: true, succeeded: () => this.#succeeded(subjects) };
    });
  }

  async #succeeded(subjects: Record<'address' | 'account' | 'accountHere', string>): Promise<void> {
    const { address, account, accountHere } = subjects;
    await this.#store.transaction(async (trx) => {
      await deleteSignInFailures(trx, account);
      await deleteSignInFailures(trx, accountHere);
      // Only this attempt is taken back: one's own account must not be a way to go on guessing others'.
      const row = (await signInFailuresOf(trx, [address])).get(address);
      if (row) await putSignInFailure(trx, { ...row, failures: Math.max(0, row.failures - 1) });
    });
  }

  async prune(): Promise<void> {
    const longest = Math.max(accountRule.forgottenAfterMs, addressRule.forgottenAfterMs);
    await deleteOldSignInFailures(this.#store.db, this.#nowMs() - longest);
  }
}

function waitMs(rule: Rule, failures: number): number {
  if (failures < rule.freeFailures) return 0;
  // The exponent is capped too: two to the thousandth is not a number of milliseconds.
  return Math.min(rule.maxWaitMs, rule.firstWaitMs * 2 ** Math.min(30, failures - rule.freeFailures));
}

/** A household or a machine owns a /64 of IPv6, and could come from another address each time. */
export function networkOf(address: string): string {
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]!.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}

const named = (kind: string, name: string): string =>
  createHash('sha256').update(`${kind} ${name}`).digest('base64url');
