// One administrator must not be both of two persons: by accounts of their own making, by roles, by links to passwords, or with a key.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as confirmRoute from '@/app/api/approvals/[id]/confirm/route';
import * as approvalRoute from '@/app/api/approvals/[id]/route';
import * as keysRoute from '@/app/api/keys/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as passwordLinkRoute from '@/app/api/people/[id]/password-link/route';
import * as personRoute from '@/app/api/people/[id]/route';
import * as vouchRoute from '@/app/api/people/[id]/vouch/route';
import * as peopleRoute from '@/app/api/people/route';
import { freshSignInMs, unvouchedWaitMs } from '@/server/intervals';
import { listAudit } from '@/server/store/audit';
import { personById, updatePerson } from '@/server/store/people';
import {
  ageSignIn,
  everywhere,
  keyWith,
  sessionOf,
  signedIn,
  type TestPerson,
} from '@/server/testing/actors';
import { addClusters, at, createLink, post } from '@/server/testing/requests';
import {
  basic,
  type Credentials,
  callRoute,
  startTestServer,
  type TestServer,
} from '@/server/testing/test-server';

let server: TestServer;
/** The one who tries. */
let ada: TestPerson;
let carl: TestPerson;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink({ settings: { 'two.person.operations': 'delete' }, topics: ['orders'] });
  ada = await signedIn(server, 'ada', [everywhere('administrator')]);
  carl = await signedIn(server, 'carl', [everywhere('administrator')]);
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const on = (id: string, as: Credentials) => ({ method: 'POST', params: { id }, as });
const passwordLink = (id: string, as: Credentials) =>
  callRoute(passwordLinkRoute.POST, '/api/people/x/password-link', on(id, as));
const vouch = (id: string, as: Credentials) => callRoute(vouchRoute.POST, '/api/people/x/vouch', on(id, as));
const change = (id: string, body: object, as: Credentials = ada.as) =>
  callRoute(personRoute.PATCH, '/api/people/x', { method: 'PATCH', params: { id }, body, as });
const invite = (userName: string, grants: object[], as: Credentials = ada.as) =>
  callRoute(peopleRoute.POST, '/api/people', { ...post({ userName, grants }), as });

/** Opens the link and signs in: whoever holds it can. */
async function takeUp(id: string, link: { path: string }): Promise<TestPerson> {
  const token = link.path.split('#')[1] ?? '';
  const name = await server.runtime.entrance.links.redeem(
    { token, password: 'a long enough password' },
    null,
  );
  return { id, name, ...(await sessionOf(server, id)) };
}

async function madeBy(
  as: Credentials,
  userName: string,
  grants = [everywhere('approver')],
): Promise<TestPerson> {
  const { json } = await invite(userName, grants, as);
  return takeUp(json.person.id, json.link);
}

async function ask(person: TestPerson): Promise<string> {
  const path = '/api/links/east/orders-link';
  const { json } = await callRoute(linkRoute.DELETE, path, { method: 'DELETE', params: at, as: person.as });
  return json.fields.approval;
}
const confirm = (id: string, { as }: TestPerson) =>
  callRoute(confirmRoute.POST, '/api/approvals/x/confirm', on(id, as));

async function expectNoSecond(request: string, person: TestPerson): Promise<void> {
  const refused = await confirm(request, person);
  expect(refused).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
  expect(refused.json.message).toContain('does not count as a second person');
  const seen = await callRoute(approvalRoute.GET, '/api/approvals/x', {
    params: { id: request },
    as: person.as,
  });
  expect(seen.json).toMatchObject({
    state: 'PENDING',
    confirm: { allowed: false, why: refused.json.message, signInAgain: false },
    reject: { allowed: true },
  });
}

describe('an administrator cannot be both persons', () => {
  it('by one or two accounts of their own making', async () => {
    const own = await madeBy(ada.as, 'eve');
    const other = await madeBy(ada.as, 'finn');
    await expectNoSecond(await ask(ada), own);
    await expectNoSecond(await ask(own), other);
    // Asking is not confirming: a person from before can still be the second one.
    expect((await confirm(await ask(own), carl)).status).toBe(200);
  });

  it('by an account of their own making that asks, while they confirm', async () => {
    const own = await madeBy(ada.as, 'eve');
    const request = await ask(own);
    const refused = await confirm(request, ada);
    expect(refused).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
    expect(refused.json.message).toContain('had a hand in the account of "eve"');
    const seen = await callRoute(approvalRoute.GET, '/x', { params: { id: request }, as: ada.as });
    expect(seen.json.confirm).toEqual({ allowed: false, why: refused.json.message, signInAgain: false });
    // Nor when the account gets into their hands after they have confirmed.
    const ben = await signedIn(server, 'ben', [everywhere('approver')]);
    expect((await confirm(await ask(ben), ada)).status).toBe(200);
    await passwordLink(ben.id, ada.as);
    const again = await callRoute(linkRoute.DELETE, '/x', { method: 'DELETE', params: at, as: ben.as });
    expect(again.json.code).toBe('APPROVAL_NEEDED');
    expect((await vouch(own.id, carl.as)).status).toBe(200);
    expect((await confirm(request, ada)).status).toBe(200);
  });

  it('by vouching for what an administrator of their own making has made', async () => {
    const puppet = await madeBy(ada.as, 'puppet', [everywhere('administrator')]);
    const eve = await madeBy(puppet.as, 'eve');
    // Also when the one in between is there no more.
    await callRoute(personRoute.DELETE, '/x', { method: 'DELETE', params: { id: puppet.id }, as: ada.as });
    expect((await vouch(eve.id, ada.as)).json.message).toContain('had a hand');
    await expectNoSecond(await ask(ada), eve);
    expect((await confirm(await ask(eve), ada)).json.message).toContain('had a hand');
    expect((await vouch(eve.id, carl.as)).status).toBe(200);
  });

  it('by an administrator of their own making, who vouches or makes others', async () => {
    const puppet = await madeBy(ada.as, 'puppet', [everywhere('administrator')]);
    const eve = await madeBy(ada.as, 'eve');
    const byPuppet = await madeBy(puppet.as, 'finn');
    const refused = await vouch(eve.id, puppet.as);
    expect(refused.json).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('vouched for first'),
    });
    await expectNoSecond(await ask(ada), byPuppet);
    expect((await vouch(byPuppet.id, puppet.as)).json.message).toContain('had a hand');
    // Two hands by now, and neither of them is another one.
    await passwordLink(byPuppet.id, ada.as);
    expect((await vouch(byPuppet.id, ada.as)).json.message).toContain('had a hand');
  });

  it('by giving an old account of their own the role', async () => {
    const eve = await signedIn(server, 'eve', [everywhere('viewer')]);
    await change(eve.id, { grants: [everywhere('approver')] });
    await expectNoSecond(await ask(ada), eve);
    // Other changes are no hand in it.
    const dora = await signedIn(server, 'dora', [everywhere('approver')]);
    await change(dora.id, { displayName: 'Dora', grants: [everywhere('approver')] });
    expect((await confirm(await ask(ada), dora)).status).toBe(200);
  });

  it('by a link to the password of somebody else, also after that one has confirmed', async () => {
    const ben = await signedIn(server, 'ben', [everywhere('approver')]);
    const request = await ask(ada);
    const { json } = await passwordLink(ben.id, ada.as);
    await expectNoSecond(request, await takeUp(ben.id, json.link));

    const dora = await signedIn(server, 'dora', [everywhere('approver')]);
    expect((await confirm(request, dora)).status).toBe(200);
    await passwordLink(dora.id, ada.as);
    const again = await callRoute(linkRoute.DELETE, '/x', { method: 'DELETE', params: at, as: ada.as });
    expect(again.json.code).toBe('APPROVAL_NEEDED');
  });

  it('with a key, which makes no approvers and opens none', async () => {
    const key = await keyWith(server, everywhere('administrator'));
    for (const role of ['approver', 'administrator'] as const) {
      expect(await invite('eve', [everywhere(role)], key.as)).toMatchObject({
        status: 403,
        json: { code: 'FORBIDDEN', message: expect.stringContaining('API keys neither') },
      });
    }
    const eve = (await invite('eve', [everywhere('viewer')], key.as)).json.person.id;
    expect((await change(eve, { grants: [everywhere('approver')] }, key.as)).status).toBe(403);
    const invited = (await invite('finn', [everywhere('approver')])).json.person.id;
    expect((await passwordLink(invited, key.as)).status).toBe(403);
    expect(
      (await change(invited, { displayName: 'Finn', grants: [everywhere('approver')] }, key.as)).status,
    ).toBe(200);
    expect((await vouch(invited, key.as)).json.message).toContain('vouch for nobody');
  });
});

describe('who has made a key has had in hand what the key has', () => {
  const keyOf = async (person: TestPerson) => {
    const request = { name: 'program', grant: everywhere('administrator') };
    const { json } = await callRoute(keysRoute.POST, '/api/keys', { ...post(request), as: person.as });
    return basic(json.key.id, json.secret);
  };

  it('and does not vouch for it when another one has made it an approver', async () => {
    const eve = await madeBy(await keyOf(ada), 'eve', [everywhere('viewer')]);
    await change(eve.id, { grants: [everywhere('approver')] }, carl.as);
    expect((await vouch(eve.id, ada.as)).json.message).toContain('had a hand');
    await expectNoSecond(await ask(ada), eve);
    expect((await confirm(await ask(eve), ada)).json.message).toContain('had a hand');
  });

  it('also by a key that the key has made', async () => {
    const { json } = await callRoute(keysRoute.POST, '/api/keys', {
      ...post({ name: 'second', grant: everywhere('administrator') }),
      as: await keyOf(ada),
    });
    const eve = await madeBy(basic(json.key.id, json.secret), 'eve', [everywhere('viewer')]);
    await change(eve.id, { grants: [everywhere('approver')] }, carl.as);
    expect((await vouch(eve.id, ada.as)).json.message).toContain('had a hand');
  });
});

describe('another administrator', () => {
  it('vouches once the account is taken up, and it counts from then on', async () => {
    const invited = await invite('eve', [everywhere('approver')]);
    const { id } = invited.json.person;
    expect(invited.json.person.unvouched).toMatchObject({ by: ['ada'], countsAt: null });
    expect((await vouch(id, carl.as)).json.message).toContain('taken up');
    const eve = await takeUp(id, invited.json.link);
    const request = await ask(ada);
    await expectNoSecond(request, eve);
    expect((await vouch(id, ada.as)).json.message).toContain('had a hand');
    expect((await vouch(id, eve.as)).status).toBe(403);
    await ageSignIn(server, carl.id, freshSignInMs + 1);
    expect((await vouch(id, carl.as)).json.code).toBe('FRESH_SIGN_IN_NEEDED');
    await ageSignIn(server, carl.id, -freshSignInMs);
    const open = (await passwordLink(id, ada.as)).json.link;
    const vouched = await vouch(id, carl.as);
    expect(vouched).toMatchObject({ status: 200, json: { unvouched: null } });
    // A link from before would let its maker in behind the word that was given.
    await expect(takeUp(id, open)).rejects.toMatchObject({ code: 'LINK_SPENT' });
    expect((await confirm(request, eve)).status).toBe(200);
    expect((await vouch(id, carl.as)).json.message).toContain('already');
    const rows = await listAudit(server.runtime.store.db, 20);
    expect(rows.find(({ operation, kind }) => operation === 'vouch for' && kind === 'INTENT')).toMatchObject({
      actor: 'carl',
      target: 'eve',
      details: { dependedOn: ['ada'] },
    });
  });

  it('is not there: the account counts by itself after 72 hours, in which others may notice it', async () => {
    await updatePerson(server.runtime.store.db, carl.id, { disabled: true });
    const eve = await madeBy(ada.as, 'eve');
    const { sponsors } = (await personById(server.runtime.store.db, eve.id))!;
    const countsAt = sponsors[0]!.atMs + unvouchedWaitMs;
    const list = await callRoute(peopleRoute.GET, '/api/people', { as: ada.as });
    const shown = list.json.people.find(({ id }: { id: string }) => id === eve.id);
    expect(shown.unvouched).toMatchObject({ countsAt });
    await expectNoSecond(await ask(ada), eve);
    const older = sponsors.map((sponsor) => ({ ...sponsor, atMs: sponsor.atMs - unvouchedWaitMs }));
    await updatePerson(server.runtime.store.db, eve.id, { sponsors: older });
    expect((await confirm(await ask(ada), eve)).status).toBe(200);
    expect((await personById(server.runtime.store.db, eve.id))?.sponsors).toEqual([]);
  });

  it.each([
    ['is disabled for a moment', () => change(carl.id, { disabled: true })],
    ['gets other roles', () => change(carl.id, { grants: [everywhere('viewer')] })],
    ['is opened by a link', () => passwordLink(carl.id, ada.as)],
    [
      'is removed',
      () => callRoute(personRoute.DELETE, '/x', { method: 'DELETE', params: { id: carl.id }, as: ada.as }),
    ],
  ])('who %s could have been asked until then: the 72 hours begin with that', async (_, loseCarl) => {
    const eve = await madeBy(ada.as, 'eve');
    const sponsors = [{ id: ada.id, name: 'ada', atMs: Date.now() - 10 * unvouchedWaitMs }];
    await updatePerson(server.runtime.store.db, eve.id, { sponsors });
    const before = Date.now();
    expect((await loseCarl()).status).toBeLessThan(300);
    await expectNoSecond(await ask(ada), eve);
    const [since] = (await personById(server.runtime.store.db, eve.id))?.sponsors ?? [];
    expect(since?.atMs).toBeGreaterThanOrEqual(before);
  });

  it('who is there ends the waiting: time alone does not make a second person', async () => {
    const eve = await madeBy(ada.as, 'eve');
    const sponsors = [{ id: ada.id, name: 'ada', atMs: Date.now() - 10 * unvouchedWaitMs }];
    await updatePerson(server.runtime.store.db, eve.id, { sponsors });
    await expectNoSecond(await ask(ada), eve);
  });
});
