// Operations check their actor themselves: called past the routes, as a job or a new route might, they refuse whoever lacks the role.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import type { Grant } from '@/lib/contracts/access';
import { failbackRequest } from '@/lib/contracts/failback';
import { startOperationRequest } from '@/lib/contracts/operation';
import { repairRequest } from '@/lib/contracts/repair';
import type { Actor } from '@/server/access/actor';
import type { Runtime } from '@/server/runtime';
import { AccessWorld } from '@/server/testing/access-world';
import { everywhere, keyWith, onCluster } from '@/server/testing/actors';
import { requestOf } from '@/server/testing/test-server';

let world: AccessWorld;
let runtime: Runtime;
beforeAll(async () => {
  world = await AccessWorld.start();
  runtime = world.server.runtime;
});
afterAll(() => world.server.close());

const actorWith = (...grants: Grant[]): Actor => ({
  kind: 'apiKey',
  id: 'k',
  name: 'k',
  grants,
  bootstrap: false,
  address: null,
});
/** Sees all, and may nothing here: a role on another cluster counts there only. */
const viewer = actorWith(everywhere('viewer'), onCluster('approver', 'north'));
const operator = actorWith(everywhere('operator'));
const approver = actorWith(everywhere('approver'));
const anonymous: Actor = { kind: 'anonymous', address: null };

const west = { bootstrapServers: ['w:9092'], security: { protocol: 'PLAINTEXT' as const } };
const orders = { destination: 'east', name: 'orders' };
const ends = { name: 'new', source: 'west', destination: 'east' };
const mirrorOptions = { replicationFactor: null, configs: {} };
const create = { ...ends, settings: {}, topics: [], mirrorOptions };
const settings = { 'cluster.link.paused': true };
const grants = [everywhere('viewer')];
const promote = startOperationRequest.parse({ kind: 'PROMOTE', topics: ['orders'] });

const mirrorPath = { ...orders, topic: 'orders' };
const reason = 'The old site is back.';
const lost = { partition: 0, from: '1', to: '2' };
const reseed = repairRequest.parse({ way: 'RESEED', confirm: 'orders', topicId: null, reason });
const failback = failbackRequest.parse({ confirm: 'orders', topicId: null, reason });

type Operation = (actor: Actor) => unknown;
const rows: [string, Actor, Operation][] = [
  [
    'look at a mirror again',
    viewer,
    (a) => runtime.repairs.repair(a, mirrorPath, { way: 'CHECK_AGAIN', reason }, false),
  ],
  [
    'declare a range lost',
    operator,
    (a) => runtime.repairs.repair(a, mirrorPath, { way: 'DECLARE_LOST', reason, lost }, false),
  ],
  ['re-seed a mirror', operator, (a) => runtime.repairs.repair(a, mirrorPath, reseed, false)],
  ['see what a failback would do', viewer, (a) => runtime.failbacks.plan(a, mirrorPath, failback.options)],
  ['fail a mirror back', operator, (a) => runtime.failbacks.start(a, mirrorPath, failback, false)],
  ['read what has diverged', operator, (a) => runtime.failbacks.records(a, mirrorPath, reason)],
  ['add a cluster', approver, (a) => runtime.clusters.add(a, { name: 'n', ...west })],
  ['edit a cluster', approver, (a) => runtime.clusters.update(a, 'west', west)],
  ['remove a cluster', approver, (a) => runtime.clusters.remove(a, 'unused')],
  ['try a cluster', approver, (a) => runtime.clusters.test(a, { name: 'n', ...west })],
  ['change credentials', approver, (a) => runtime.credentials.rotate(a, 'west', { password: 'x' })],
  ['probe a cluster', viewer, (a) => runtime.clusters.probe(a, 'west')],
  ['check a link', viewer, (a) => runtime.links.check(a, { ...ends, scratch: false })],
  [
    'check a link that exists',
    viewer,
    (a) => runtime.links.check(a, { ...ends, name: 'orders', scratch: false }),
  ],
  ['preview a link', viewer, (a) => runtime.links.preview(a, { ...ends, topics: ['t'], mirrorOptions })],
  ['create a link', viewer, (a) => runtime.links.create(a, create, { validateOnly: false })],
  [
    'create a link with a source of its own',
    approver,
    (a) =>
      runtime.links.create(a, create, { validateOnly: false, newSource: { name: 'new-source', ...west } }),
  ],
  ['change settings', viewer, (a) => runtime.links.patchSettings(a, orders, settings, false)],
  [
    'set the rule of two persons',
    operator,
    (a) => runtime.links.patchSettings(a, orders, { 'two.person.operations': 'delete' }, false),
  ],
  [
    'see what setting the rule would do',
    operator,
    (a) => runtime.links.patchSettings(a, orders, { 'two.person.operations': 'delete' }, true),
  ],
  ['delete a link', operator, (a) => runtime.removals.link(a, orders, { validateOnly: false })],
  ['see what a deletion would do', operator, (a) => runtime.removals.link(a, orders, { validateOnly: true })],
  ['add mirrors', viewer, (a) => runtime.mirrors.add(a, orders, { topics: ['t'], mirrorOptions }, false)],
  ['pause mirrors', viewer, (a) => runtime.mirrors.setPaused(a, orders, ['orders'], true, false)],
  [
    'remove a mirror',
    operator,
    (a) => runtime.removals.mirror(a, { ...orders, topic: 'orders' }, { validateOnly: false }),
  ],
  ['promote mirrors', operator, (a) => runtime.operations.start(a, orders, promote, false)],
  ['see what a promote would do', operator, (a) => runtime.operations.start(a, orders, promote, true)],
  ['take a promote back', operator, (a) => runtime.operations.cancel(a, orders, 'none')],
  ['list people', approver, (a) => runtime.people.list(a)],
  ['see a person', approver, (a) => runtime.people.get(a, world.bystander.id)],
  ['invite a person', approver, (a) => runtime.people.invite(a, { userName: 'n', grants })],
  ['change a person', approver, (a) => runtime.people.change(a, world.bystander.id, { disabled: true })],
  ['remove a person', approver, (a) => runtime.people.remove(a, world.bystander.id)],
  ['make a password link', approver, (a) => runtime.people.resetPassword(a, world.bystander.id)],
  ['end sessions', approver, (a) => runtime.people.endSessions(a, world.bystander.id)],
  ['list keys', approver, (a) => runtime.keys.list(a)],
  [
    'create a key',
    approver,
    (a) => runtime.keys.create(a, { name: 'n', grant: everywhere('viewer'), expiresAt: null }),
  ],
  ['revoke a key', approver, (a) => runtime.keys.revoke(a, world.key.id)],
  ['confirm an approval', approver, (a) => runtime.approvals.confirm(a, world.approval)],
  ['reject an approval', approver, (a) => runtime.approvals.reject(a, world.approval, 'A reason.')],
  ['withdraw an approval', approver, (a) => runtime.approvals.withdraw(a, world.approval)],
  ['break the glass', approver, (a) => runtime.approvals.breakGlass(a, world.approval, 'A reason.')],
];

/** Some throw before they return a promise. */
const attempt = async (operation: Operation, actor: Actor) => operation(actor);

describe('an operation', () => {
  it.each(rows)(
    'to %s is refused to whoever lacks the role, and changes nothing',
    async (_, actor, operation) => {
      const before = await world.fingerprint();
      await expect(attempt(operation, actor)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(attempt(operation, anonymous)).rejects.toMatchObject({
        code: expect.stringMatching(/^(UNAUTHENTICATED|(CLUSTER|LINK|APPROVAL)_NOT_FOUND)$/),
      });
      expect(await world.fingerprint()).toBe(before);
    },
  );

  it('to link a source given by address is an administrator’s, also where it is registered, with the right password', async () => {
    const { as } = await keyWith(world.server, everywhere('approver'));
    const { as: administrator } = await keyWith(world.server, everywhere('administrator'));
    const jaas = (password: string) =>
      `org.apache.kafka.common.security.plain.PlainLoginModule required username="landbridge" password="${password}";`;
    const body = (password: string) => ({
      configs: [
        { name: 'bootstrap.servers', value: 'west.example.com:9092' },
        { name: 'security.protocol', value: 'SASL_PLAINTEXT' },
        { name: 'sasl.mechanism', value: 'PLAIN' },
        { name: 'sasl.jaas.config', value: jaas(password) },
      ],
    });
    const path = '/kafka/v3/clusters/id-of-east/links?link_name=by-address&validate_only=true';
    const post = (password: string, who: typeof as) =>
      rest.POST(requestOf(path, { method: 'POST', body: body(password), as: who }));
    const [right, wrong] = [await post('of-west', as), await post('a guess', as)];
    expect([right.status, wrong.status]).toEqual([403, 403]);
    expect(await right.text()).toBe(await wrong.text());
    expect((await post('of-west', administrator)).status).toBe(204);
  });
});
