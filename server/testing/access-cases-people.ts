// For the access matrix: the rows of signing in, people, API keys, approvals and the audit log.
import { expect } from 'vitest';
import { sessionIdOf } from '@/server/access/sessions';
import { apiKeyById } from '@/server/store/api-keys';
import { personById, updatePerson } from '@/server/store/people';
import type { MatrixActor } from './access-actors';
import { type Case, expectNothingUnseen, seenClusters, seenLinks } from './access-cases';
import { type AccessWorld, password, secondSession } from './access-world';
import { everywhere } from './actors';

const bystander = async (world: AccessWorld) => personById(world.server.runtime.store.db, world.bystander.id);
const isOpen = async (world: AccessWorld, token: string) =>
  (await world.server.runtime.sessions.actorFor(token)) !== null;

async function invitation(world: AccessWorld): Promise<string> {
  const { path } = await world.server.runtime.oneTimeLinks.create('PASSWORD_RESET', world.bystander.id);
  return path.split('#')[1] ?? '';
}

/** The actor's own request where the actor could ask; else that of somebody outside of the matrix. */
async function ownApproval(world: AccessWorld, actor: MatrixActor): Promise<string> {
  const { sessions, removals, store } = world.server.runtime;
  const token = actor.personId === null ? null : await secondSession(world, actor);
  const person = token === null ? null : await sessions.actorFor(token);
  if (!person) return world.approval;
  const path = { destination: 'east', name: 'guarded' };
  await removals.link(person, path, { validateOnly: false }).catch(() => undefined);
  const own = await store.db
    .selectFrom('approval')
    .select('id')
    .where('requestedBy', '=', person.id)
    .executeTakeFirst();
  return own?.id ?? world.approval;
}

const approvalState = async (world: AccessWorld, id: string) => {
  const view = await world.server.runtime.approvals.get({ kind: 'system' }, id);
  return view.state;
};
const reason = { reason: 'A reason that is long enough.' };

const decision =
  (body: object | undefined, state: string): Case =>
  (world) => ({
    params: { id: world.approval },
    body,
    effect: async () => expect(await approvalState(world, world.approval)).toBe(state),
  });

const ownStep =
  (body: object | undefined, state: string): Case =>
  async (world, actor) => {
    const id = await ownApproval(world, actor);
    return { params: { id }, body, effect: async () => expect(await approvalState(world, id)).toBe(state) };
  };

/** Not there on a server that is no hub; on one that is, tested with it. */
const onHubs = { params: { name: 'west', id: 'LBS00' }, effect: () => expect.unreachable() };

export const peopleCases: Record<string, Case> = {
  'POST /api/health-reports': () => ({ ...onHubs, body: {} }),
  'GET /api/hub/clusters': () => onHubs,
  'GET /api/hub/consoles': () => onHubs,
  'GET /api/hub/consoles/{name}': () => onHubs,
  'DELETE /api/hub/consoles/{name}': () => onHubs,
  'GET /api/hub/consoles/{name}/alerts': () => onHubs,
  'GET /api/hub/consoles/{name}/history': () => onHubs,
  'GET /api/hub/senders': () => onHubs,
  'POST /api/hub/senders': () => ({ ...onHubs, body: { console: 'west' } }),
  'DELETE /api/hub/senders/{id}': () => onHubs,
  'GET /api/sign-in': () => ({ effect: ({ json }) => expect(json.empty).toBe(false) }),
  'GET /api/auth/{nextauth}': () => ({
    params: { nextauth: ['csrf'] },
    effect: ({ json }) => expect(json.csrfToken).toMatch(/^[0-9a-f]{64}$/),
  }),
  'POST /api/one-time-link': async (world) => ({
    body: { token: await invitation(world) },
    effect: ({ json }) => expect(json).toMatchObject({ userName: 'bystander', purpose: 'PASSWORD_RESET' }),
  }),
  'POST /api/one-time-link/redeem': async (world) => ({
    body: { token: await invitation(world), password: 'another password' },
    effect: async () => expect((await bystander(world))?.passwordHash).not.toBe(world.passwordHash),
  }),
  'GET /api/me': (_, actor) => ({
    effect: ({ json }) => expect(json.kind).toBe(actor.personId === null ? 'API_KEY' : 'PERSON'),
  }),
  'GET /api/me/account': () => ({ effect: ({ json }) => expect(json.hasPassword).toBe(true) }),
  'PUT /api/me/password': (world, actor) => ({
    body: { current: password, next: 'another password' },
    effect: async () => {
      const person = await personById(world.server.runtime.store.db, actor.personId ?? '');
      expect(person?.passwordHash).not.toBe(world.passwordHash);
    },
  }),
  'GET /api/me/sessions': () => ({ effect: ({ json }) => expect(json.sessions).toHaveLength(1) }),
  'DELETE /api/me/sessions/{id}': async (world, actor) => {
    const token = actor.personId === null ? world.bystander.token : await secondSession(world, actor);
    return {
      params: { id: sessionIdOf(token) },
      effect: async () => expect(await isOpen(world, token)).toBe(false),
    };
  },

  'GET /api/people': () => ({ effect: ({ text }) => expect(text).toContain('"bystander"') }),
  'POST /api/people': () => ({
    body: { userName: 'newcomer', grants: [everywhere('viewer')] },
    status: 201,
    effect: ({ json }) => expect(json.person.userName).toBe('newcomer'),
  }),
  'GET /api/people/{id}': (world) => ({
    params: { id: world.bystander.id },
    effect: ({ json }) => expect(json.userName).toBe('bystander'),
  }),
  'PATCH /api/people/{id}': (world) => ({
    params: { id: world.bystander.id },
    body: { disabled: true },
    effect: async () => {
      expect((await bystander(world))?.disabled).toBe(true);
      expect(await isOpen(world, world.bystander.token)).toBe(false);
    },
  }),
  'DELETE /api/people/{id}': (world) => ({
    params: { id: world.bystander.id },
    effect: async () => expect(await bystander(world)).toBe(null),
  }),
  'POST /api/people/{id}/password-link': (world) => ({
    params: { id: world.bystander.id },
    status: 201,
    effect: async ({ json }) => {
      const token = json.link.path.split('#')[1];
      const link = await world.server.runtime.oneTimeLinks.look(token);
      expect(link.personId).toBe(world.bystander.id);
    },
  }),
  'DELETE /api/people/{id}/sessions': (world) => ({
    params: { id: world.bystander.id },
    effect: async ({ json }) => {
      expect(json.ended).toBe(1);
      expect(await isOpen(world, world.bystander.token)).toBe(false);
    },
  }),
  'POST /api/people/{id}/vouch': async (world) => {
    const sponsors = [{ id: 'somebody', name: 'somebody', atMs: Date.now() }];
    await updatePerson(world.server.runtime.store.db, world.bystander.id, { sponsors });
    return {
      params: { id: world.bystander.id },
      effect: async () => expect((await bystander(world))?.sponsors).toEqual([]),
    };
  },
  'GET /api/keys': (world) => ({ effect: ({ text }) => expect(text).toContain(world.key.id) }),
  'POST /api/keys': (world) => ({
    body: { name: 'fresh', grant: everywhere('viewer') },
    status: 201,
    effect: async ({ json }) => {
      expect(await apiKeyById(world.server.runtime.store.db, json.key.id)).toMatchObject({ name: 'fresh' });
    },
  }),
  'DELETE /api/keys/{id}': (world) => ({
    params: { id: world.key.id },
    effect: async () => {
      const key = await apiKeyById(world.server.runtime.store.db, world.key.id);
      expect(key?.revokedAtMs).toBeGreaterThan(0);
    },
  }),

  'GET /api/approvals': (world, actor) => ({
    effect: ({ json }) => {
      const seen = seenLinks(actor).includes('guarded');
      expect(json.approvals.map(({ id }: { id: string }) => id)).toEqual(seen ? [world.approval] : []);
    },
  }),
  'GET /api/approvals/{id}': (world) => ({
    params: { id: world.approval },
    effect: ({ json }) => expect(json).toMatchObject({ state: 'PENDING', link: { name: 'guarded' } }),
  }),
  'POST /api/approvals/{id}/confirm': decision(undefined, 'CONFIRMED'),
  'POST /api/approvals/{id}/reject': decision(reason, 'REJECTED'),
  'POST /api/approvals/{id}/withdraw': ownStep(undefined, 'WITHDRAWN'),
  'POST /api/approvals/{id}/break-glass': ownStep(reason, 'BROKEN_GLASS'),

  'GET /api/audit': (_, actor) => ({
    query: '?operation=add%20cluster',
    effect: ({ json, text }) => {
      const added = json.entries.map(({ object }: { object: { name: string } }) => object.name);
      expect(added.filter((name: string) => name !== 'added').sort()).toEqual(seenClusters(actor));
      expectNothingUnseen(actor, text);
    },
  }),
  'GET /api/audit/export': (_, actor) => ({
    query: '?format=jsonl',
    effect: ({ text }) => expectNothingUnseen(actor, text),
  }),
  'GET /api/audit/{id}': async (world) => {
    const row = await world.server.runtime.store.db
      .selectFrom('audit')
      .select('operationId')
      .where('operation', '=', 'create link')
      .where('link', '=', 'orders')
      .executeTakeFirstOrThrow();
    return {
      params: { id: row.operationId },
      effect: ({ json }) => expect(json.operation).toBe('create link'),
    };
  },
};
