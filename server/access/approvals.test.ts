// The rule of two persons on a link, over both APIs: who counts as the second, for what exactly, and for how long.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as breakGlassRoute from '@/app/api/approvals/[id]/break-glass/route';
import * as confirmRoute from '@/app/api/approvals/[id]/confirm/route';
import * as rejectRoute from '@/app/api/approvals/[id]/reject/route';
import * as approvalRoute from '@/app/api/approvals/[id]/route';
import * as withdrawRoute from '@/app/api/approvals/[id]/withdraw/route';
import * as approvalsRoute from '@/app/api/approvals/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrorsRoute from '@/app/api/links/[destination]/[name]/mirrors/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as personRoute from '@/app/api/people/[id]/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import type { Grant } from '@/lib/contracts/access';
import { sessionCookieName } from '@/server/http/session-cookie';
import { approvalsKeptMs, approvalUseMs, approvalWaitMs, freshSignInMs } from '@/server/intervals';
import { approvalById, deleteExpiredApprovals } from '@/server/store/approvals';
import { listAudit } from '@/server/store/audit';
import { updatePerson } from '@/server/store/people';
import {
  ageSignIn,
  everywhere,
  keyWith,
  onCluster,
  signedIn,
  type TestPerson,
} from '@/server/testing/actors';
import { addClusters, at, createLink } from '@/server/testing/requests';
import {
  type Credentials,
  callRoute,
  requestOf,
  startTestServer,
  type TestServer,
} from '@/server/testing/test-server';

let server: TestServer;
let ann: TestPerson;
let ben: TestPerson;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink({ settings: { 'two.person.operations': 'delete' }, topics: ['orders', 'clicks'] });
  ann = await signedIn(server, 'ann', [everywhere('approver')]);
  ben = await signedIn(server, 'ben', [onCluster('approver', 'west'), onCluster('approver', 'east')]);
});
afterEach(() => server.close());

const links = () => server.runtime.catalog.links;
const remove = (as: Credentials) =>
  callRoute(linkRoute.DELETE, '/api/links/east/orders-link', { method: 'DELETE', params: at, as });
const patch = (as: Credentials, body: object) =>
  callRoute(linkRoute.PATCH, '/api/links/east/orders-link', { method: 'PATCH', params: at, body, as });
const reason = { reason: 'The link copies wrong data and nobody answers the phone.' };

const routes = {
  confirm: confirmRoute,
  reject: rejectRoute,
  withdraw: withdrawRoute,
  'break-glass': breakGlassRoute,
};
function step(name: keyof typeof routes, id: string, as: Credentials) {
  const body = name === 'reject' || name === 'break-glass' ? { body: reason } : {};
  return callRoute(routes[name].POST, `/api/approvals/${id}/${name}`, {
    method: 'POST',
    params: { id },
    as,
    ...body,
  });
}
const see = (id: string, as: Credentials) =>
  callRoute(approvalRoute.GET, `/api/approvals/${id}`, { params: { id }, as });

/** Tries it, which asks for the approval. @returns the request's id */
async function ask(person: TestPerson): Promise<string> {
  const { status, json } = await remove(person.as);
  expect({ status, code: json.code }).toEqual({ status: 409, code: 'APPROVAL_NEEDED' });
  expect(links()).toHaveLength(1);
  return json.fields.approval;
}

describe('what a link puts under the rule of two persons', () => {
  it('is done by the one who asked, once, after another approver has confirmed it', async () => {
    const id = await ask(ann);
    expect(await ask(ann)).toBe(id);
    const shown = await see(id, ben.as);
    expect(shown.json).toMatchObject({
      state: 'PENDING',
      requestedBy: 'ann',
      operation: 'delete',
      confirm: { allowed: true, why: null, signInAgain: false },
      withdraw: { allowed: false },
    });
    expect(shown.json.facts).toContainEqual({ name: 'Mirror topics', value: 'clicks, orders' });
    expect((await step('confirm', id, ben.as)).json).toMatchObject({ state: 'CONFIRMED', decidedBy: 'ben' });
    expect((await step('confirm', id, ben.as)).json).toMatchObject({ code: 'APPROVAL_CLOSED' });
    expect((await remove(ben.as)).json).toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect(await remove(ann.as)).toMatchObject({ status: 200, json: { deleted: true } });
    expect(links()).toHaveLength(0);
    expect((await see(id, ann.as)).json.state).toBe('USED');
    const rows = await listAudit(server.runtime.store.db, 50);
    expect(rows.filter(({ kind }) => kind === 'INTENT').map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['ask for approval', 'confirm approval', 'delete link']),
    );
    const deletion = rows.find(({ operation, kind }) => operation === 'delete link' && kind === 'INTENT');
    expect(JSON.stringify(deletion)).toContain('"confirmedBy');
  });

  it('takes one of two deletions that use the same approval at the same moment', async () => {
    const id = await ask(ann);
    await step('confirm', id, ben.as);
    const answers = await Promise.all([remove(ann.as), remove(ann.as)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('needs no second person for a dry run, nor for what is not under the rule', async () => {
    const dry = await callRoute(linkRoute.DELETE, '/api/links/east/orders-link?validate_only=true', {
      method: 'DELETE',
      params: at,
      as: ann.as,
    });
    expect(dry.json).toMatchObject({ deleted: false, topics: ['clicks', 'orders'] });
    expect((await patch(ann.as, { 'cluster.link.paused': true })).status).toBe(200);
    const list = await callRoute(approvalsRoute.GET, '/api/approvals', { as: ann.as });
    expect(list.json.approvals).toEqual([]);
  });

  it('covers single mirrors of the link', async () => {
    const params = { ...at, topic: 'clicks' };
    const removeMirror = () =>
      callRoute(mirrorRoute.DELETE, '/api/x', { method: 'DELETE', params, as: ann.as });
    const { json } = await removeMirror();
    expect((await see(json.fields.approval, ben.as)).json).toMatchObject({ topic: 'clicks' });
    await step('confirm', json.fields.approval, ben.as);
    // An approval for the mirror is none for the link.
    expect((await remove(ann.as)).json).toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect((await removeMirror()).json).toMatchObject({ deleted: true });
    expect([...(links()[0]?.mirrors.keys() ?? [])]).toEqual(['orders']);
  });

  it('cannot be done by a key, neither through /api nor through /kafka/v3, and asks for nothing then', async () => {
    const key = await keyWith(server, everywhere('administrator'));
    const counted = vi.spyOn(server.runtime, 'refused');
    const refused = await remove(key.as);
    expect(refused.json).toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect(refused.json.message).toContain('not persons');
    expect(counted).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'APPROVAL_NEEDED' }));
    const path = '/kafka/v3/clusters/id-of-east/links/orders-link';
    const answer = await rest.DELETE(requestOf(path, { method: 'DELETE', as: key.as }));
    expect(answer.status).toBe(409);
    expect((await answer.json()).message).toContain('two persons');
    expect(links()).toHaveLength(1);
    expect(await server.runtime.approvals.list({ kind: 'system' })).toEqual([]);
  });

  it('is taken off the rule by two persons only, and put under it by approvers only', async () => {
    const olga = await signedIn(server, 'olga', [everywhere('operator')]);
    const rule = (value: string | null) => ({ 'two.person.operations': value });
    expect((await patch(olga.as, rule('promote,delete'))).json).toMatchObject({ code: 'FORBIDDEN' });
    expect((await patch(ann.as, rule('delete,promote'))).status).toBe(200);
    const off = await patch(ann.as, rule('promote'));
    expect(off.json).toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect(off.json.message).toContain('Takes delete of link');
    await step('confirm', off.json.fields.approval, ben.as);
    // Confirmed for this change and no other.
    expect((await patch(ann.as, rule(null))).json).toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect((await patch(ann.as, rule('promote'))).json).toMatchObject({ code: 'APPROVAL_NEEDED' });
    expect(links()[0]?.settings['two.person.operations']).toBe('delete,promote');
    const again = (await patch(ann.as, rule('promote'))).json.fields.approval;
    await step('confirm', again, ben.as);
    expect((await patch(ann.as, rule('promote'))).status).toBe(200);
    expect((await remove(ann.as)).status).toBe(200);
  });
});

describe('the second person', () => {
  const person = (name: string, grants: Grant[]) => signedIn(server, name, grants);

  it('is another account with the role approver on the link, and never a key', async () => {
    const id = await ask(ann);
    const key = await keyWith(server, everywhere('administrator'));
    const olga = await person('olga', [everywhere('operator')]);
    const half = await person('half', [everywhere('viewer'), onCluster('approver', 'west')]);
    const stranger = await person('stranger', [onCluster('approver', 'west')]);
    const own = await step('confirm', id, ann.as);
    expect(own.json).toMatchObject({ code: 'FORBIDDEN' });
    expect(own.json.message).toContain('Somebody else');
    expect((await step('confirm', id, key.as)).json.message).toContain('never confirm');
    for (const { as } of [olga, half]) expect((await step('confirm', id, as)).status).toBe(403);
    expect((await step('confirm', id, stranger.as)).json).toMatchObject({ code: 'APPROVAL_NOT_FOUND' });
    expect((await see(id, stranger.as)).status).toBe(404);
    const list = await callRoute(approvalsRoute.GET, '/api/approvals', { as: stranger.as });
    expect(list.json.approvals).toEqual([]);
    expect((await see(id, ann.as)).json.state).toBe('PENDING');
  });

  it('has signed in within the last 15 minutes', async () => {
    const id = await ask(ann);
    await ageSignIn(server, ben.id, freshSignInMs + 1);
    const stale = await step('confirm', id, ben.as);
    expect(stale).toMatchObject({ status: 403, json: { code: 'FRESH_SIGN_IN_NEEDED' } });
    expect((await see(id, ben.as)).json.confirm).toMatchObject({ allowed: false, signInAgain: true });
    await ageSignIn(server, ben.id, -5_000);
    expect((await step('confirm', id, ben.as)).status).toBe(200);
  });

  it('has not when the provider leaves out when that was, and is told what to do', async () => {
    const id = await ask(ann);
    const { sessions, store, config } = server.runtime;
    const where = { address: null, userAgent: null, authenticatedAtMs: null };
    const as = { cookie: `${sessionCookieName(config.address)}=${await sessions.start(ben, where)}` };
    const refused = await step('confirm', id, as);
    expect(refused).toMatchObject({ status: 403, json: { code: 'SIGN_IN_TIME_UNKNOWN' } });
    expect(refused.json.message).toContain('auth_time');
    // Leading to the sign-in would lead round in a circle.
    const confirm = { allowed: false, why: refused.json.message, signInAgain: false };
    expect((await see(id, as)).json).toMatchObject({ confirm });
    expect((await approvalById(store.db, id))?.state).toBe('PENDING');
    expect((await step('reject', id, as)).status).toBe(200);
  });

  it('does not count once disabled or without the role, also after having confirmed', async () => {
    const changes = [{ disabled: true }, { grants: [everywhere('operator')] }];
    for (const change of changes) {
      const id = await ask(ann);
      await step('confirm', id, ben.as);
      await updatePerson(server.runtime.store.db, ben.id, change);
      expect(await ask(ann)).not.toBe(id);
      await updatePerson(server.runtime.store.db, ben.id, {
        disabled: false,
        grants: [everywhere('approver')],
      });
      server.runtime.sessions.forget(ben.id);
    }
  });

  it('has confirmed nothing any more once disabled or given other roles, also when all is as before again', async () => {
    const admin = await signedIn(server, 'ada', [everywhere('administrator')]);
    const change = async (body: object) => {
      const params = { id: ben.id };
      const call = { method: 'PATCH', params, body, as: admin.as };
      expect((await callRoute(personRoute.PATCH, `/api/people/${ben.id}`, call)).status).toBe(200);
    };
    for (const [away, back] of [
      [{ grants: [everywhere('viewer')] }, { grants: [everywhere('approver')] }],
      [{ disabled: true }, { disabled: false }],
    ] as const) {
      const id = await ask(ann);
      expect((await step('confirm', id, ben.as)).json).toMatchObject({ state: 'CONFIRMED' });
      await change(away);
      await change(back);
      // And another administrator has vouched for the account.
      await updatePerson(server.runtime.store.db, ben.id, { sponsors: [] });
      expect((await see(id, ann.as)).json.state).toBe('STALE');
      expect(await ask(ann)).not.toBe(id);
    }
  });

  it('has confirmed nothing any more once somebody has set their password by a link', async () => {
    const id = await ask(ann);
    expect((await step('confirm', id, ben.as)).json).toMatchObject({ state: 'CONFIRMED' });
    const { oneTimeLinks, entrance } = server.runtime;
    const { path } = await oneTimeLinks.create('PASSWORD_RESET', ben.id);
    await entrance.links.redeem({ token: path.split('#')[1]!, password: 'a new long password' }, null);
    expect((await see(id, ann.as)).json.state).toBe('STALE');
    expect(await ask(ann)).not.toBe(id);
  });

  it('can say no, with a reason that the first one reads', async () => {
    const id = await ask(ann);
    expect((await step('reject', id, ann.as)).status).toBe(403);
    expect((await step('reject', id, ben.as)).json).toMatchObject({ state: 'REJECTED' });
    expect((await see(id, ann.as)).json).toMatchObject({ decidedBy: 'ben', ...reason });
    expect(await ask(ann)).not.toBe(id);
  });
});

describe('an approval', () => {
  const age = (id: string, byMs: number) =>
    server.runtime.store.db
      .updateTable('approval')
      .set((eb) => ({ expiresAtMs: eb('expiresAtMs', '-', byMs) }))
      .where('id', '=', id)
      .execute();

  it('holds for the facts that were shown: when they change, before or after, it must be asked for again', async () => {
    const addTopic = (topic: string) =>
      callRoute(mirrorsRoute.POST, '/api/x', { method: 'POST', params: at, body: { topics: [topic] } });
    const first = await ask(ann);
    await addTopic('one-more');
    expect((await step('confirm', first, ben.as)).json).toMatchObject({ code: 'APPROVAL_CLOSED' });
    expect((await see(first, ben.as)).json.state).toBe('STALE');
    const second = await ask(ann);
    await step('confirm', second, ben.as);
    await addTopic('and-another');
    expect(await ask(ann)).not.toBe(second);
    expect((await see(second, ben.as)).json.state).toBe('STALE');
  });

  it('to delete a link is none to delete its topics with it', async () => {
    await server.runtime.store.db.updateTable('mirror').set({ created: 1 }).execute();
    await server.runtime.catalog.load();
    const withTopics = () =>
      callRoute(linkRoute.DELETE, '/api/links/east/orders-link?topics=delete&confirm=orders-link', {
        ...{ method: 'DELETE', params: at, as: ann.as },
      });
    await step('confirm', await ask(ann), ben.as);
    const refused = await withTopics();
    expect(refused.json).toMatchObject({ code: 'APPROVAL_NEEDED' });
    const shown = await see(refused.json.fields.approval, ben.as);
    expect(JSON.stringify(shown.json.facts)).toContain('Topics deleted for good');
    await step('confirm', refused.json.fields.approval, ben.as);
    expect((await withTopics()).json).toMatchObject({ deleted: true, deletedTopics: ['clicks', 'orders'] });
  });

  it('expires before it is confirmed, and after', async () => {
    const first = await ask(ann);
    await age(first, approvalWaitMs);
    expect((await see(first, ben.as)).json.state).toBe('EXPIRED');
    expect((await step('confirm', first, ben.as)).json).toMatchObject({ code: 'APPROVAL_CLOSED' });
    const second = await ask(ann);
    await step('confirm', second, ben.as);
    await age(second, approvalUseMs);
    expect(await ask(ann)).not.toBe(second);
  });

  it('is forgotten 90 days after it has expired, and stays in the audit log', async () => {
    const [old, young] = [await ask(ann), await ask(ben)];
    await age(old, approvalsKeptMs + approvalWaitMs + 1_000);
    await age(young, approvalsKeptMs);
    const { db } = server.runtime.store;
    await deleteExpiredApprovals(db, Date.now() - approvalsKeptMs);
    expect(await approvalById(db, old)).toBeNull();
    expect(await approvalById(db, young)).not.toBeNull();
    const audit = await listAudit(db, 100);
    expect(audit.some(({ details }) => JSON.stringify(details).includes(old))).toBe(true);
  });

  it('can be taken back by the one who asked, also after it was confirmed', async () => {
    const id = await ask(ann);
    await step('confirm', id, ben.as);
    expect((await step('withdraw', id, ben.as)).status).toBe(403);
    expect((await step('withdraw', id, ann.as)).json).toMatchObject({ state: 'WITHDRAWN' });
    expect(await ask(ann)).not.toBe(id);
  });
});

describe('breaking the glass', () => {
  it('lets the one who asked go ahead alone, with a reason and a CRITICAL entry', async () => {
    const id = await ask(ann);
    expect((await step('break-glass', id, ben.as)).status).toBe(403);
    await ageSignIn(server, ann.id, freshSignInMs + 1);
    expect((await step('break-glass', id, ann.as)).json).toMatchObject({ code: 'FRESH_SIGN_IN_NEEDED' });
    await ageSignIn(server, ann.id, -5_000);
    const short = await callRoute(breakGlassRoute.POST, '/api/x', {
      method: 'POST',
      params: { id },
      body: { reason: 'because' },
      as: ann.as,
    });
    expect(short.status).toBe(400);
    expect((await step('break-glass', id, ann.as)).json).toMatchObject({ state: 'BROKEN_GLASS', ...reason });
    const critical = (await listAudit(server.runtime.store.db, 10)).find(
      ({ severity, kind }) => severity === 'CRITICAL' && kind === 'INTENT',
    );
    expect(critical).toMatchObject({ actor: 'ann', ...reason });
    expect((await remove(ann.as)).json).toMatchObject({ deleted: true });
  });
});
