// Sessions, one-time links and back-off on the real store, with a clock that the tests turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { insertPerson, updatePerson } from '@/server/store/people';
import { openStore, type Store } from '@/server/store/store';
import { OneTimeLinks } from './one-time-links';
import { administrator } from './redeem-link';
import { Sessions, sessionIdOf } from './sessions';
import { SignInBackoff } from './sign-in-backoff';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const here = { address: '192.0.2.1', userAgent: 'a browser' };

let dir: string;
let store: Store;
let now: number;
const nowMs = () => now;
const anna = administrator('anna', 'Anna', null, 0);

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-sessions-'));
  store = openStore(join(dir, 'data'));
  now = Date.parse('2026-11-23T03:00:00Z');
  await insertPerson(store.db, anna);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a session', () => {
  let sessions: Sessions;
  beforeEach(() => {
    sessions = new Sessions({ store, limits: { idleMs: 8 * hourMs, absoluteMs: 7 * 24 * hourMs }, nowMs });
  });

  it('is found by its token only, of which the store holds nothing', async () => {
    const token = await sessions.start(anna, here);
    expect(await sessions.actorFor(token, { address: '192.0.2.9' })).toMatchObject({
      kind: 'person',
      id: anna.id,
      name: 'anna',
      sessionId: sessionIdOf(token),
      signedInAtMs: now,
      address: '192.0.2.9',
    });
    expect(await sessions.actorFor(sessionIdOf(token))).toBe(null);
    expect(await sessions.actorFor(`${token}x`)).toBe(null);
    expect(JSON.stringify(await store.db.selectFrom('session').selectAll().execute())).not.toContain(token);
  });

  it('that is ended is over at the next request, and stays so', async () => {
    const token = await sessions.start(anna, here);
    await sessions.actorFor(token);
    expect(await sessions.endByToken(token, 'SIGNED_OUT')).toBe(true);
    expect(await sessions.actorFor(token)).toBe(null);
    expect(await sessions.endByToken(token, 'IDLE')).toBe(false);
    const [row] = await store.db.selectFrom('session').selectAll().execute();
    expect(row).toMatchObject({ endedWhy: 'SIGNED_OUT', endedAtMs: now });
  });

  it('that another process has ended is over within 2 s', async () => {
    const token = await sessions.start(anna, here);
    await sessions.actorFor(token);
    const elsewhere = new Sessions({ store, limits: sessions.limits, nowMs });
    await elsewhere.endAllOf(anna.id, 'DISABLED');
    now += 1_999;
    expect(await sessions.actorFor(token)).toBe(null);
  });

  it('of a disabled person, and one whose roles have changed, is not what it was, within 2 s', async () => {
    const token = await sessions.start(anna, here);
    await sessions.actorFor(token);
    const grants = [{ role: 'viewer', scope: { kind: 'everywhere' } }] as const;
    await updatePerson(store.db, anna.id, { grants: [...grants] });
    now += 1_999;
    expect((await sessions.actorFor(token))?.grants).toEqual(grants);
    await updatePerson(store.db, anna.id, { disabled: true });
    sessions.forget(anna.id);
    expect(await sessions.actorFor(token)).toBe(null);
  });

  it('is not kept by a look into the store that began before its end', async () => {
    const token = await sessions.start(anna, here);
    const looking = sessions.actorFor(token);
    await sessions.endAllOf(anna.id, 'DISABLED');
    await looking;
    expect(await sessions.actorFor(token)).toBe(null);
  });

  it('ends after the idle limit, which an open page that only refreshes itself does not put off', async () => {
    const used = await sessions.start(anna, here);
    const watched = await sessions.start(anna, here);
    for (let hour = 1; hour <= 9; hour++) {
      now += hourMs;
      expect(await sessions.actorFor(used, { idleMs: 5 * minuteMs })).not.toBe(null);
      const still = await sessions.actorFor(watched, { idleMs: hour * hourMs });
      expect(still === null).toBe(hour >= 8);
    }
    const [row] = await store.db
      .selectFrom('session')
      .selectAll()
      .where('endedAtMs', 'is not', null)
      .execute();
    expect(row?.endedWhy).toBe('IDLE');
  });

  it('ends after the absolute limit however much it is used', async () => {
    const token = await sessions.start(anna, here);
    for (let hour = 0; hour < 7 * 24 - 1; hour += 7) {
      expect(await sessions.actorFor(token)).not.toBe(null);
      now += 7 * hourMs;
    }
    expect(await sessions.actorFor(token)).toBe(null);
  });

  it('is one of several: all but one can be ended, and only open ones are listed', async () => {
    const [mine, other, third] = [
      await sessions.start(anna, here),
      await sessions.start(anna, here),
      await sessions.start(anna, here),
    ];
    await sessions.endByToken(third, 'ENDED_BY_OWNER');
    expect(await sessions.openOf(anna.id)).toHaveLength(2);
    expect(await sessions.endAllOf(anna.id, 'PASSWORD_CHANGED', { except: sessionIdOf(mine) })).toBe(1);
    expect(await sessions.actorFor(mine)).not.toBe(null);
    expect(await sessions.actorFor(other)).toBe(null);
  });

  it('is forgotten 30 days after its end', async () => {
    await sessions.endByToken(await sessions.start(anna, here), 'SIGNED_OUT');
    now += 29 * 24 * hourMs;
    await sessions.prune();
    expect(await store.db.selectFrom('session').selectAll().execute()).toHaveLength(1);
    now += 2 * 24 * hourMs;
    await sessions.prune();
    expect(await store.db.selectFrom('session').selectAll().execute()).toHaveLength(0);
  });
});

describe('a one-time link', () => {
  let links: OneTimeLinks;
  const tokenIn = (path: string) => path.split('#')[1]!;
  const use = (token: string) => store.transaction((trx) => links.use(token, trx));
  beforeEach(() => {
    links = new OneTimeLinks({ store, nowMs });
  });

  it('is good once, whoever else tries at the same time', async () => {
    const token = tokenIn((await links.create('INVITATION', anna.id)).path);
    expect(await links.look(token)).toMatchObject({ purpose: 'INVITATION', personId: anna.id });
    const tries = await Promise.allSettled([use(token), use(token), use(token)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(links.look(token)).rejects.toMatchObject({ code: 'LINK_SPENT' });
  });

  it('is good for 24 hours', async () => {
    const { path, expiresAt } = await links.create('SET_UP', null);
    expect(expiresAt).toBe(now + 24 * hourMs);
    now += 24 * hourMs - 1;
    await links.look(tokenIn(path));
    now += 1;
    await expect(use(tokenIn(path))).rejects.toMatchObject({ code: 'LINK_SPENT' });
  });

  it('is void when a newer one is made for the same person', async () => {
    const invitation = tokenIn((await links.create('INVITATION', anna.id)).path);
    const setUp = tokenIn((await links.create('SET_UP', null)).path);
    await links.create('PASSWORD_RESET', anna.id);
    await expect(links.look(invitation)).rejects.toMatchObject({ code: 'LINK_SPENT' });
    expect((await links.look(setUp)).purpose).toBe('SET_UP');
  });

  it('leaves nothing in the store that could be used', async () => {
    const token = tokenIn((await links.create('SIGN_IN', anna.id)).path);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const rows = JSON.stringify(await store.db.selectFrom('oneTimeLink').selectAll().execute());
    expect(rows).not.toContain(token);
  });

  it('is still good when what it was used for has failed', async () => {
    const token = tokenIn((await links.create('INVITATION', anna.id)).path);
    const failing = store.transaction(async (trx) => {
      await links.use(token, trx);
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect((await use(token)).purpose).toBe('INVITATION');
  });
});

describe('back-off after failures', () => {
  let backoff: SignInBackoff;
  beforeEach(() => {
    backoff = new SignInBackoff({ store, nowMs });
  });
  /** How long the next attempt would have to wait; an attempt that is allowed counts as failed. */
  const wait = async (account: string, address: string, knownPlace = false) => {
    const attempt = await backoff.attempt(account, address, { knownPlace });
    return attempt.allowed ? 0 : attempt.waitMs;
  };
  const failed = async (times: number, account: (i: number) => string, address: (i: number) => string) => {
    for (let i = 0; i < times; i++) {
      const waitMs = await wait(account(i), address(i));
      now += waitMs;
      if (waitMs > 0) await wait(account(i), address(i));
    }
  };

  it('doubles for an account from any address, up to a minute, and never further', async () => {
    const waits: number[] = [];
    for (let i = 0; i < 14; i++) {
      const waitMs = await wait('Anna', `192.0.2.${i}`);
      waits.push(waitMs / 1000);
      now += waitMs;
      if (waitMs > 0) expect(await wait('anna', `198.51.100.${i}`)).toBe(0);
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  it('does not count what is refused: whoever keeps knocking does not lock the owner out', async () => {
    await failed(
      8,
      () => 'anna',
      (i) => `192.0.2.${i}`,
    );
    const waitMs = await wait('anna', '203.0.113.5');
    for (let i = 0; i < 50; i++) await wait('anna', `198.51.100.${i}`);
    expect(await wait('anna', '203.0.113.5')).toBe(waitMs);
  });

  it('does not hold up the owner where they have signed in before', async () => {
    await failed(
      10,
      () => 'anna',
      (i) => `192.0.2.${i}`,
    );
    expect(await wait('anna', '203.0.113.5')).toBeGreaterThan(0);
    expect(await wait('anna', '203.0.113.5', true)).toBe(0);
  });

  it('holds up one address that tries many accounts, a whole /64 of IPv6 as one', async () => {
    for (let i = 0; i < 20; i++) expect(await wait(`user-${i}`, `2001:db8:1:2::${i}`)).toBe(0);
    expect(await wait('user-20', '2001:db8:1:2:ffff::1')).toBe(2_000);
    expect(await wait('user-20', '2001:db8:1:3::1')).toBe(0);
  });

  it('tells nobody who has an account: at a known place it waits after as many failures as an unknown name', async () => {
    const waits = async (account: string, knownPlace: boolean) => {
      const waited: number[] = [];
      for (let i = 0; i < 7; i++) waited.push(await wait(account, '192.0.2.1', knownPlace));
      return waited;
    };
    expect(await waits('anna', true)).toEqual(await waits('nobody', false));
  });

  it('does not hold people up for the wrong keys of a program at their address, nor the owner for other people', async () => {
    for (let i = 0; i < 28; i++) await backoff.attempt(`key ${i}`, '192.0.2.1', { of: 'keys' });
    expect(await backoff.attempt('key x', '192.0.2.1', { of: 'keys' })).toMatchObject({ allowed: false });
    expect(await wait('anna', '192.0.2.1')).toBe(0);
    for (let i = 0; i < 28; i++) await wait(`user-${i}`, '192.0.2.1');
    expect(await wait('bo', '192.0.2.1')).toBeGreaterThan(0);
    expect(await wait('bo', '192.0.2.1', true)).toBe(0);
  });

  it('takes many attempts at the same time for what they are', async () => {
    const attempts = await Promise.all(Array.from({ length: 30 }, () => wait('anna', '192.0.2.1')));
    expect(attempts.filter((waitMs) => waitMs === 0)).toHaveLength(5);
  });

  it('starts anew for the account after a success, and takes back one attempt of the address', async () => {
    for (let i = 0; i < 4; i++) await wait('anna', '192.0.2.1');
    const attempt = await backoff.attempt('anna', '192.0.2.1');
    if (!attempt.allowed) throw new Error('The fifth attempt should be allowed.');
    await attempt.succeeded();
    for (let i = 0; i < 5; i++) expect(await wait('anna', '192.0.2.1')).toBe(0);
    // 4 + 5 failures of the address stand: signing in to one's own account does not wipe out guesses at others.
    for (let i = 0; i < 11; i++) expect(await wait(`user-${i}`, '192.0.2.1')).toBe(0);
    expect(await wait('user-12', '192.0.2.1')).toBe(2_000);
  });

  it('survives a restart, forgets after a day, and stores no name', async () => {
    await failed(
      6,
      () => 'hunter2',
      (i) => `192.0.2.${i}`,
    );
    expect(await wait('hunter2', '203.0.113.5')).toBeGreaterThan(0);
    backoff = new SignInBackoff({ store, nowMs });
    expect(await wait('hunter2', '203.0.113.6')).toBeGreaterThan(0);
    expect(JSON.stringify(await store.db.selectFrom('signInFailure').selectAll().execute())).not.toContain(
      'hunter2',
    );
    now += 25 * hourMs;
    await backoff.prune();
    expect(await store.db.selectFrom('signInFailure').selectAll().execute()).toEqual([]);
    expect(await wait('hunter2', '203.0.113.5')).toBe(0);
  });
});
