// What a sign-in is worth while the account changes under it, and at which time. Real store, real hashes; the races are arranged.
import { hash } from '@node-rs/argon2';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { signInConfigOf, signInFile } from '@/server/sign-in-config';
import { listAudit } from '@/server/store/audit';
import { personById, updatePerson } from '@/server/store/people';
import { everywhere, sessionOf, signedIn, type TestPerson } from '@/server/testing/actors';
import { startTestServer, type TestServer } from '@/server/testing/test-server';

const old = 'correct horse battery';
const next = 'another long password';
const from = { address: '192.0.2.1', userAgent: null, token: null };

const corp = signInConfigOf(
  signInFile.parse({
    oidc: [
      {
        id: 'corp',
        name: 'Corporate',
        issuer: 'https://login.example.com',
        clientId: 'landbridge',
        clientSecret: 'of the client',
        roles: [{ group: 'staff', role: 'viewer' }],
      },
    ],
  }),
).oidc[0]!;

let server: TestServer;
let ann: TestPerson;
beforeEach(async () => {
  server = await startTestServer();
  ann = await signedIn(server, 'ann', [everywhere('viewer')]);
  await updatePerson(server.runtime.store.db, ann.id, { passwordHash: await passwords().hash(old) });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const passwords = () => server.runtime.entrance.passwords;
const signIn = (password: string) =>
  server.runtime.entrance.signIn.byPassword({ userName: 'ann', password }, from);
const stored = async () => (await personById(server.runtime.store.db, ann.id))!;
const openSessions = async () => (await server.runtime.sessions.openOf(ann.id)).length;

/** Does it once, when the next password has been found right and nothing has come of it yet. */
function afterTheNextVerification(change: () => Promise<unknown>): void {
  const verify = passwords().verify.bind(passwords());
  vi.spyOn(passwords(), 'verify').mockImplementationOnce(async (against, typed) => {
    const right = await verify(against, typed);
    expect(right).toBe(true);
    await change();
    return right;
  });
}

async function changePassword(): Promise<void> {
  const actor = await server.runtime.sessions.actorFor((await sessionOf(server, ann.id)).token);
  await server.runtime.entrance.account.changePassword(actor!, { current: old, next });
}

it('a sign-in with the old password that the change overtakes is refused, and leaves the new one in place', async () => {
  await updatePerson(server.runtime.store.db, ann.id, {
    passwordHash: await hash(old, { algorithm: 2, memoryCost: 8_192, timeCost: 2, parallelism: 1 }),
  });
  afterTheNextVerification(changePassword);
  expect(await signIn(old)).toMatchObject({ refused: 'WRONG' });
  // The session that changed the password, and no other.
  expect(await openSessions()).toBe(1);
  expect(await passwords().verify((await stored()).passwordHash, next)).toBe(true);
  await server.runtime.flushRefusals();
  const [last] = await listAudit(server.runtime.store.db, 1);
  expect(last).toMatchObject({
    operation: 'refuse requests',
    result: 'REFUSED',
    details: { refused: [{ account: 'ann', route: 'sign in', code: 'WRONG_PASSWORD', count: 1 }] },
  });
});

it('the right password is right also when another sign-in has hashed it anew in the meantime', async () => {
  const outdated = await hash(old, { algorithm: 2, memoryCost: 8_192, timeCost: 2, parallelism: 1 });
  await updatePerson(server.runtime.store.db, ann.id, { passwordHash: outdated });
  afterTheNextVerification(() => signIn(old));
  expect(await signIn(old)).toMatchObject({ refused: null });
  expect((await stored()).passwordHash).not.toBe(outdated);
});

it('who is disabled while the password is looked at does not get in', async () => {
  afterTheNextVerification(() => updatePerson(server.runtime.store.db, ann.id, { disabled: true }));
  expect(await signIn(old)).toMatchObject({ refused: 'DISABLED' });
  expect(await openSessions()).toBe(1);
});

it('a password change that another one overtakes does not take its place', async () => {
  const actor = await server.runtime.sessions.actorFor(ann.token);
  afterTheNextVerification(changePassword);
  const thief = server.runtime.entrance.account.changePassword(actor!, {
    current: old,
    next: 'of the thief 123',
  });
  await expect(thief).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await passwords().verify((await stored()).passwordHash, next)).toBe(true);
});

/** When the session that begins with such an ID token says that its person signed in. */
async function authenticatedAt(claims: Record<string, unknown>): Promise<number | null | undefined> {
  const identity = { iss: 'https://login.example.com', sub: 'dana', groups: ['staff'] };
  const begun = await server.runtime.entrance.signIn.byProvider(corp, { ...identity, ...claims }, from);
  if (begun.refused !== null) throw new Error(`Refused: ${begun.refused}`);
  return (await server.runtime.sessions.actorFor(begun.token))?.authenticatedAtMs;
}

it('a session from a provider is as fresh as the sign-in there, however it was begun here', async () => {
  const seconds = Math.floor(Date.now() / 1000) - 1_200;
  expect(await authenticatedAt({ auth_time: seconds })).toBe(seconds * 1000);
});

it('a session is not fresh when the provider does not say when its person signed in', async () => {
  for (const claims of [{}, { auth_time: 'now' }, { auth_time: null }, { auth_time: 1.5 }]) {
    expect(await authenticatedAt(claims)).toBe(null);
  }
});

it('a provider whose clock is ahead does not make a session fresh for longer', async () => {
  const at = await authenticatedAt({ auth_time: Math.floor(Date.now() / 1000) + 3_600 });
  expect(at).toBeLessThanOrEqual(Date.now());
});

it('a password typed here is a sign-in of now', async () => {
  const before = Date.now();
  const begun = await signIn(old);
  const actor = begun.refused === null ? await server.runtime.sessions.actorFor(begun.token) : null;
  expect(actor?.authenticatedAtMs).toBeGreaterThanOrEqual(before);
});

it('says where somebody comes from whose name at the provider looks like another one', async () => {
  const { signIn } = server.runtime.entrance;
  const name = async (sub: string, preferred_username: string) => {
    const claims = { iss: 'https://login.example.com', sub, groups: ['staff'], preferred_username };
    const { refused, ...rest } = await signIn.byProvider(corp, claims, from);
    expect(refused).toBe(null);
    return 'name' in rest ? rest.name : null;
  };
  expect(await name('1', 'anη')).toBe('anη@corp');
  expect(await name('2', 'Аnn')).toBe('Аnn@corp');
  expect(await name('3', 'ANN')).toBe('ANN-2@corp');
  expect(await name('4', 'ben')).toBe('ben');
  expect(await name('5', 'engine')).toBe('engine@corp');
  expect(await name('1', 'anη')).toBe('anη@corp');
});
