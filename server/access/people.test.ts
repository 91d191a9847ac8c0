// People as administrators govern them, over the API, on a real store. What a change means for an open session holds with the next request.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as meRoute from '@/app/api/me/route';
import * as passwordLinkRoute from '@/app/api/people/[id]/password-link/route';
import * as personRoute from '@/app/api/people/[id]/route';
import * as sessionsRoute from '@/app/api/people/[id]/sessions/route';
import * as peopleRoute from '@/app/api/people/route';
import { listAudit } from '@/server/store/audit';
import { listPeople, updatePerson } from '@/server/store/people';
import {
  ageSignIn,
  everywhere,
  keyWith,
  onCluster,
  sessionOf,
  signedIn,
  type TestPerson,
} from '@/server/testing/actors';
import { post } from '@/server/testing/requests';
import { type Credentials, callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';
import type { Actor } from './actor';
import { canAdminister } from './person-views';

let server: TestServer;
let ada: TestPerson;
beforeEach(async () => {
  server = await startTestServer();
  ada = await signedIn(server, 'Ada', [everywhere('administrator')]);
});
afterEach(() => server.close());

const me = (as: Credentials) => callRoute(meRoute.GET, '/api/me', { as });
const change = (id: string, body: object, as: Credentials = ada.as) =>
  callRoute(personRoute.PATCH, `/api/people/${id}`, { method: 'PATCH', params: { id }, body, as });
const remove = (id: string, as: Credentials = ada.as) =>
  callRoute(personRoute.DELETE, `/api/people/${id}`, { method: 'DELETE', params: { id }, as });
const invite = (userName: string, grants: object[] = [everywhere('viewer')]) =>
  callRoute(peopleRoute.POST, '/api/people', { ...post({ userName, grants }), as: ada.as });

describe('people', () => {
  it('are invited with roles and a link that is shown once', async () => {
    const { status, json } = await invite('grace.hopper');
    expect(status).toBe(201);
    expect(json.person).toMatchObject({
      userName: 'grace.hopper',
      kind: 'LOCAL',
      disabled: false,
      sessions: 0,
    });
    expect(json.link.path).toMatch(/#[A-Za-z0-9_-]{43}$/);
    const list = await callRoute(peopleRoute.GET, '/api/people', { as: ada.as });
    expect(list.json.people.map((person: { userName: string }) => person.userName)).toEqual([
      'Ada',
      'grace.hopper',
    ]);
    const token = json.link.path.split('#')[1];
    expect(JSON.stringify([list.json, await listAudit(server.runtime.store.db, 10)])).not.toContain(token);
  });

  it('cannot have a name that differs in case only, nor a role on what is not there', async () => {
    expect((await invite('ADA')).json).toMatchObject({ code: 'PERSON_EXISTS' });
    expect((await invite('bob', [onCluster('viewer', 'wset')])).json.message).toContain('wset');
    expect((await invite('bob', [])).status).toBe(400);
  });

  it('cannot have a name that looks like somebody else’s', async () => {
    await invite('admin1');
    for (const name of ['adminl', 'adminI', 'ａdmin1', 'αdmin1'])
      expect((await invite(name)).status, name).not.toBe(201);
    expect((await invite('adminl')).json).toMatchObject({
      code: 'PERSON_EXISTS',
      message: expect.stringContaining('looks like "admin1"'),
      fields: { userName: 'This name looks like "admin1".' },
    });
    expect((await invite('аdmin1')).json.message).toContain('one script');
    expect((await invite('раура1')).status).toBe(201);
    expect((await invite('paypal')).json.code).toBe('PERSON_EXISTS');
  });

  it('cannot have a name that stands for the server itself in timelines and in the audit log', async () => {
    for (const name of ['engine', 'System', 'anonymous', 'еngіnе']) {
      const { status, json } = await invite(name);
      expect(status, name).not.toBe(201);
      expect(json.fields.userName, name).toMatch(/kept for the server itself|one script/);
    }
    expect((await invite('engineer')).status).toBe(201);
  });

  it('hold new roles with the next request, in sessions that are open', async () => {
    const bob = await signedIn(server, 'bob', [everywhere('viewer')]);
    expect((await me(bob.as)).json.grants).toEqual([everywhere('viewer')]);
    expect((await change(bob.id, { grants: [everywhere('operator')] })).status).toBe(200);
    expect((await me(bob.as)).json.grants).toEqual([everywhere('operator')]);
  });

  it('are out with the next request when disabled, and have to sign in again when enabled', async () => {
    const bob = await signedIn(server, 'bob', [everywhere('viewer')]);
    expect((await me(bob.as)).status).toBe(200);
    await change(bob.id, { disabled: true });
    expect((await me(bob.as)).status).toBe(401);
    await change(bob.id, { disabled: false });
    expect((await me(bob.as)).status).toBe(401);
    expect((await me((await sessionOf(server, bob.id)).as)).status).toBe(200);
  });

  it('are signed out everywhere by an administrator, and removed with all they had', async () => {
    const bob = await signedIn(server, 'bob', [everywhere('viewer')]);
    const second = await sessionOf(server, bob.id);
    const path = { method: 'DELETE', params: { id: bob.id }, as: ada.as };
    expect((await callRoute(sessionsRoute.DELETE, '/api/people/x/sessions', path)).json).toEqual({
      ended: 2,
    });
    for (const { as } of [bob, second]) expect((await me(as)).status).toBe(401);
    const third = await sessionOf(server, bob.id);
    expect((await remove(bob.id)).status).toBe(200);
    expect((await me(third.as)).status).toBe(401);
    expect((await remove(bob.id)).json).toMatchObject({ code: 'PERSON_NOT_FOUND' });
  });

  it('cannot be taken over with a key, nor with a session of an hour ago', async () => {
    const bob = await signedIn(server, 'bob', [everywhere('approver')]);
    const link = (id: string, as: Credentials) =>
      callRoute(passwordLinkRoute.POST, '/api/people/x/password-link', {
        method: 'POST',
        params: { id },
        as,
      });
    const key = await keyWith(server, everywhere('administrator'));
    expect(await link(bob.id, key.as)).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
    const invited = (await invite('carol')).json.person.id;
    expect((await link(invited, key.as)).status).toBe(201);
    await ageSignIn(server, ada.id, 3_600_000);
    expect((await link(bob.id, ada.as)).json.code).toBe('FRESH_SIGN_IN_NEEDED');
    await ageSignIn(server, ada.id, -3_600_000);
    expect((await link(bob.id, ada.as)).status).toBe(201);
  });

  it('get a new link for a password; those of a provider do not', async () => {
    const bob = await signedIn(server, 'bob', [everywhere('viewer')]);
    const path = { method: 'POST', params: { id: bob.id }, as: ada.as };
    const link = () => callRoute(passwordLinkRoute.POST, '/api/people/x/password-link', path);
    expect((await link()).json.link.path).toMatch(/#/);
    expect((await me(bob.as)).status).toBe(200);
    await server.runtime.store.db
      .updateTable('person')
      .set({ issuer: 'https://id.example.com', subject: 's', grantsFrom: 'CLAIM' })
      .where('id', '=', bob.id)
      .execute();
    expect((await link()).json.message).toContain('https://id.example.com');
    expect((await change(bob.id, { grants: [everywhere('operator')] })).json).toMatchObject({
      code: 'GRANTS_FROM_PROVIDER',
    });
  });

  it('are governed by administrators only, and each change says in the audit log what it was before', async () => {
    const bob = await signedIn(server, 'bob', [everywhere('approver')]);
    expect((await change(ada.id, { disabled: true }, bob.as)).status).toBe(403);
    expect((await callRoute(peopleRoute.GET, '/api/people', { as: bob.as })).status).toBe(403);
    await change(bob.id, { grants: [everywhere('viewer')] });
    const rows = await listAudit(server.runtime.store.db, 10);
    const row = rows.find(({ operation, kind }) => operation === 'change roles' && kind === 'INTENT');
    expect(row).toMatchObject({ actor: 'Ada', target: 'bob' });
    expect(JSON.stringify(row)).toContain('approver');
  });
});

describe('the last administrator', () => {
  it('cannot be removed, demoted or disabled, not even while an invited one has not come yet', async () => {
    await invite('next', [everywhere('administrator')]);
    const refusals = [
      await remove(ada.id),
      await change(ada.id, { disabled: true }),
      await change(ada.id, { grants: [everywhere('approver')] }),
    ];
    for (const { status, json } of refusals) {
      expect({ status, code: json.code }).toEqual({ status: 409, code: 'LAST_ADMINISTRATOR' });
    }
    expect((await me(ada.as)).json.grants).toEqual([everywhere('administrator')]);
  });

  it('stays when two take each other away at the same moment', async () => {
    const { people, sessions, store } = server.runtime;
    const take: ((actor: Actor, id: string) => Promise<unknown>)[] = [
      (actor, id) => people.remove(actor, id),
      (actor, id) => people.change(actor, id, { disabled: true }),
      (actor, id) => people.change(actor, id, { grants: [everywhere('viewer')] }),
    ];
    await updatePerson(store.db, ada.id, { disabled: true });
    for (const [index, first] of take.entries()) {
      const second = take[(index + 1) % take.length]!;
      const eve = await signedIn(server, `eve-${index}`, [everywhere('administrator')]);
      const adam = await signedIn(server, `adam-${index}`, [everywhere('administrator')]);
      // Both are let in before either acts.
      const [asEve, asAdam] = [await sessions.actorFor(eve.token), await sessions.actorFor(adam.token)];
      const answers = await Promise.allSettled([first(asAdam!, eve.id), second(asEve!, adam.id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(answers.find((answer) => answer.status === 'rejected')).toMatchObject({
        reason: { code: 'LAST_ADMINISTRATOR' },
      });
      expect((await listPeople(store.db)).filter(canAdminister)).toHaveLength(1);
      for (const left of [eve, adam]) await updatePerson(store.db, left.id, { disabled: true });
    }
  });
});
