// Every Cluster Linking call of Confluent's REST API v3, asked well and badly: each answer has the shape and the words of the reference
// (reference/kafka-rest-v3-links.json), and no call of the reference is left out. What calls do is tested in rest.test.ts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import { linkError, linkState, mirrorError, mirrorState } from '@/lib/contracts/link';
import { linkTaskState } from '@/lib/contracts/link-task';
import { operationOptions } from '@/lib/contracts/operation';
import { setMirrorStopped } from '@/server/store/mirrors';
import { insertOperations, recordProgress } from '@/server/store/operations';
import { taskOf } from '@/server/testing/engine-messages';
import { snapshotOf } from '@/server/testing/snapshots';
import { basic, requestOf, startTestServer, type TestServer } from '@/server/testing/test-server';

const reference = z
  .object({
    calls: z.array(
      z.object({
        method: z.string(),
        path: z.string(),
        query: z.array(z.string()),
        body: z.string().nullable(),
        answers: z.record(z.string(), z.string().nullable()),
      }),
    ),
    $defs: z.record(z.string(), z.record(z.string(), z.unknown())),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'reference/kafka-rest-v3-links.json'), 'utf8')));

type ReferenceCall = (typeof reference.calls)[number];
const schemas = new Map<string, z.ZodType>();
function schemaOf(name: string): z.ZodType {
  const known = schemas.get(name) ?? z.fromJSONSchema({ $ref: `#/$defs/${name}`, $defs: reference.$defs });
  schemas.set(name, known);
  return known;
}

/** Above 2^53: as a number of JavaScript it would come back even. */
const huge = 9_007_199_254_740_993n;
/** Digits alone, where they are too many for a number of JavaScript. */
const parsed = (text: string): unknown => JSON.parse(text.replace(/([:[,])(\d{16,})(?=[,\]}])/g, '$10'));

let server: TestServer;
const asked = new Set<string>();
beforeEach(async () => {
  server = await startTestServer();
  for (const name of ['west', 'east']) {
    const config = { name, bootstrapServers: [`${name}:9092`], security: { protocol: 'PLAINTEXT' as const } };
    await server.runtime.clusters.add({ kind: 'system' }, config);
    await server.runtime.prober.probe(config);
  }
  asked.clear();
});
afterEach(() => server.close());

const keyOf = ({ method, path }: Pick<ReferenceCall, 'method' | 'path'>) => `${method} ${path}`;
const names = { cluster_id: 'id-of-east', link_name: 'l', mirror_topic_name: 'orders', config_name: 'x' };
type Ask = { params?: Partial<typeof names>; query?: string; body?: unknown; as?: ReturnType<typeof basic> };

/** Asks one call of the reference, and holds its answer against it. */
async function ask(key: string, { params, query = '', body, as }: Ask = {}) {
  const call = reference.calls.find((one) => keyOf(one) === key);
  if (!call) throw new Error(`The reference has no ${key}`);
  asked.add(key);
  const values: Record<string, string> = { ...names, ...params };
  const path = call.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const given = { method: call.method, ...(body === undefined ? {} : { body }), ...(as ? { as } : {}) };
  const response = await rest.GET(requestOf(`/kafka/v3${path}${query}`, given));
  const text = await response.text();
  const where = `${key}${query} answered ${response.status} ${text}`;
  // The reference names some of the errors of its gateway; all have its one shape.
  const name = response.status < 400 ? call.answers[response.status] : 'Error';
  expect(name, where).not.toBeUndefined();
  if (name === null || name === undefined) expect(text, where).toBe('');
  else expect(schemaOf(name).safeParse(parsed(text)).error?.issues, where).toBeUndefined();
  return { status: response.status, text, json: text === '' ? null : JSON.parse(text) };
}

const cluster = '/clusters/{cluster_id}';
const link = `${cluster}/links/{link_name}`;
const many = { body: { mirror_topic_names: ['orders', 'no-such-topic'] } };
const everyLink = async () => {
  await ask(`POST ${cluster}/links`, { query: '?link_name=l', body: { source_cluster_id: 'id-of-west' } });
  for (const source_topic_name of ['orders', 'clicks'])
    await ask(`POST ${link}/mirrors`, { body: { source_topic_name } });
};
const verbs = [
  ...['promote', 'failover', 'pause', 'resume', 'truncate-and-restore'],
  ...['reverse-and-start-mirror', 'reverse-and-pause-mirror'],
];

describe('the calls of the reference', () => {
  it('are all there, and answer in its shapes, well asked and badly', async () => {
    await everyLink();
    const id = server.runtime.catalog.links[0]?.id ?? '';
    const numbers = [{ stable: huge + 5n, end: huge }, { stable: -1n }];
    server.engine.say(snapshotOf(Date.now(), [{ id, mirrors: [{ topic: 'orders', numbers }] }]));

    await ask(`GET ${cluster}/links`);
    for (const flag of ['true', 'false']) await ask(`GET ${link}`, { query: `?include_tasks=${flag}` });
    await ask(`GET ${link}/configs`);
    const config_name = 'metadata.max.age.ms';
    const value = '2000';
    await ask(`PUT ${link}/configs/{config_name}`, { params: { config_name }, body: { value } });
    await ask(`GET ${link}/configs/{config_name}`, { params: { config_name } });
    await ask(`DELETE ${link}/configs/{config_name}`, { params: { config_name } });
    for (const query of ['', '?validate_only=true'])
      await ask(`PUT ${link}/configs:alter`, {
        query,
        body: { data: [{ name: config_name, value, operation: 'SET' }] },
      });
    await ask(`GET ${link}/mirrors`);
    await ask(`GET ${link}/mirrors`, { query: '?mirror_status=ACTIVE' });
    await ask(`GET ${cluster}/links/-/mirrors`);
    const one = `GET ${link}/mirrors/{mirror_topic_name}`;
    const shown = await ask(one, { query: '?include_state_transition_errors=true' });
    expect(shown.text).toContain(`"last_source_fetch_offset":${huge}`);
    for (const verb of verbs)
      for (const body of [
        many.body,
        { mirror_topic_name_pattern: '.*' },
        {},
        { mirror_topic_names: ['orders'], mirror_topic_name_pattern: '.*' },
        { mirror_topic_name_pattern: '(' },
        '{',
      ])
        for (const query of ['?validate_only=true', '?validate_only=maybe'])
          await ask(`POST ${link}/mirrors:${verb}`, { body, query });
    for (const verb of ['pause', 'resume']) await ask(`POST ${link}/mirrors:${verb}`, many);
    await ask(`DELETE ${link}`, { query: '?validate_only=true' });
    await ask(`DELETE ${link}`, { query: '?force=true' });

    expect([...asked].sort()).toEqual(reference.calls.map(keyOf).sort());
  });

  it('refuse what is not there, who may not, and what cannot be read, in one shape', async () => {
    await everyLink();
    for (const call of reference.calls) {
      const key = keyOf(call);
      const body = call.body === null ? undefined : {};
      expect((await ask(key, { body, params: { cluster_id: 'nowhere' } })).status).toBeGreaterThanOrEqual(
        400,
      );
      if (call.path.includes('{link_name}'))
        expect((await ask(key, { body, params: { link_name: 'none' } })).status).toBeGreaterThanOrEqual(400);
      // Wrong keys in a row are made to wait, which is not what this is about.
      await server.runtime.store.db.deleteFrom('signInFailure').execute();
      expect((await ask(key, { body, as: basic('nobody', 'wrong') })).status).toBe(401);
      if (call.body !== null) expect((await ask(key, { body: '{' })).status).toBe(400);
    }
    const config = { params: { config_name: 'no.such.config' } };
    expect((await ask(`GET ${link}/configs/{config_name}`, config)).status).toBe(404);
    expect((await ask(`DELETE ${link}/configs/{config_name}`, config)).status).toBe(400);
    const unknown = { query: '?mirror_status=SLEEPING' };
    expect((await ask(`GET ${link}/mirrors`, unknown)).status).toBe(400);
  });
});

describe('a mirror whose promote or failover has failed', () => {
  it('says so, and why, beside lags that are as they were', async () => {
    await everyLink();
    const [one] = server.runtime.catalog.links;
    const path = { destination: one?.destination ?? '', name: one?.name ?? '' };
    await server.runtime.store.db.updateTable('mirror').set({ created: 1 }).execute();
    await server.runtime.catalog.load();
    const request = { kind: 'FAILOVER' as const, topics: ['orders'], reason: 'A test of what is said.' };
    const options = operationOptions.parse({});
    await server.runtime.operations.start({ kind: 'system' }, path, { ...request, options }, false);
    const operation = server.runtime.catalog.links[0]?.mirrors.get('orders')?.operation;
    server.engine.say({
      ...{ type: 'operation', id: 1, linkId: one?.id ?? '', topic: 'orders', at: Date.now() },
      ...{ operationId: operation?.id ?? '', steps: [], fencing: false, statement: null },
      ...{ outcome: 'FAILED', message: 'Broker 2 of east may not be written to.' },
    });
    const mirrors = [{ topic: 'orders', numbers: [{ stable: huge + 1n, end: huge }] }];
    server.engine.say(snapshotOf(Date.now(), [{ id: one?.id ?? '', mirrors }]));
    const shown = `GET ${link}/mirrors/{mirror_topic_name}`;
    await vi.waitFor(async () => {
      const { json, text } = await ask(shown, { query: '?include_state_transition_errors=true' });
      expect(json.mirror_state_transition_errors).toEqual([
        { error_code: 'FAILOVER_FAILED', error_message: 'Broker 2 of east may not be written to.' },
      ]);
      expect(text).toContain(`"last_source_fetch_offset":${huge}`);
    });
    expect((await ask(shown)).json).not.toHaveProperty('mirror_state_transition_errors');
  });
});

describe('words of the reference', () => {
  it('stand for every state and error of ours: none is unknown to its clients', async () => {
    await everyLink();
    const id = server.runtime.catalog.links[0]?.id ?? '';
    const said = (mirror: object, own: object = {}) => {
      const snapshot = snapshotOf(Date.now(), [
        { id, mirrors: [{ topic: 'orders', numbers: [{}], ...mirror }] },
      ]);
      server.engine.say({ ...snapshot, links: snapshot.links.map((one) => ({ ...one, ...own })) });
    };
    const query = '?include_state_transition_errors=true';
    for (const state of mirrorState.options) {
      said({ state });
      await ask(`GET ${link}/mirrors`);
      await ask(`GET ${link}`);
    }
    for (const error of mirrorError.options) {
      said({ state: 'FAILED', error, message: 'What happened.' });
      const { json } = await ask(`GET ${link}/mirrors/{mirror_topic_name}`, { query });
      // Exactly, beside the closest word of theirs.
      if (error !== 'NO_ERROR') expect(json.mirror_state_transition_errors[0].error_code).toBe(error);
    }
    for (const error of linkError.options)
      for (const state of linkState.options) {
        said({}, { state, error });
        await ask(`GET ${link}`);
      }
    for (const state of linkTaskState.options) {
      said({}, { tasks: [{ ...taskOf('AclSync'), state, errors: [{ code: 'OURS', message: 'm' }] }] });
      await ask(`GET ${link}`, { query: '?include_tasks=true' });
    }
  });
});

describe('truncate-and-restore', () => {
  /** "orders" of west was failed over to east; now west is to be mirrored from there. */
  async function failedOver(missing: string | null) {
    await everyLink();
    const { db } = server.runtime.store;
    const linkId = server.runtime.catalog.links[0]?.id ?? '';
    const operation = { id: 'op', linkId, topic: 'orders', kind: 'FAILOVER' as const };
    await insertOperations(db, [
      {
        ...operation,
        options: operationOptions.parse({ quietMs: 0 }),
        ...{ reason: null, actor: 'ops', auditOperationId: 'a', startedAtMs: 1, cancelAskedAtMs: null },
        ...{ fencingAtMs: null, endedAtMs: null, outcome: null, message: null, steps: [], statement: null },
        remake: null,
      },
    ]);
    const known = {
      epoch: null,
      sourceLastStable: null,
      sourceEnd: null,
      sourceSeenAt: null,
      left: [],
      note: null,
    };
    await recordProgress(db, {
      ...{ operationId: 'op', at: 5, steps: [], fencing: true, outcome: 'DONE', message: null },
      statement: {
        ...{ at: 5, kind: 'FAILOVER', topic: 'orders', sourceTopic: 'orders', notes: [], configs: {} },
        ...{ missing, knownAt: 4 },
        partitions: [
          { ...known, partition: 0, mirrorEnd: String(huge), fence: String(huge), missing },
          { ...known, partition: 1, mirrorEnd: null, fence: null, missing: null },
        ],
      },
    });
    const stopped = { at: 5, how: 'FAILOVER' as const, operationId: 'op', partitions: 2, missing };
    await setMirrorStopped(db, linkId, 'orders', stopped);
    await server.runtime.catalog.load();
    const params = { cluster_id: 'id-of-west', link_name: 'back' };
    await ask(`POST ${cluster}/links`, {
      params,
      query: '?link_name=back',
      body: { source_cluster_id: 'id-of-east' },
    });
    const body = { mirror_topic_names: ['orders'] };
    const query = '?include_partition_level_truncation_data=true';
    return ask(`POST ${link}/mirrors:truncate-and-restore`, { params, query, body });
  }

  const notAsked = () => {
    server.engine.answers.lookAtParting = () => {
      throw new Error('west does not answer.');
    };
  };

  it('says how many records have diverged, read from both sides, and the way that exists', async () => {
    const { json, text } = await failedOver('17');
    expect(json.data[0]).toMatchObject({ error_code: 40_002, messages_truncated: null });
    expect(json.data[0].error_message).toContain(
      '2 records of "orders" on "west" are not in "orders" on "east"',
    );
    expect(json.data[0].error_message).toContain('/mirrors/orders/failback');
    expect(text).toContain('{"partition_id":0,"offset_truncated_to":5,"messages_truncated":2}');
  });

  it('says what was last seen where the sides cannot be asked', async () => {
    notAsked();
    const { json, text } = await failedOver('17');
    expect(json.data[0]).toMatchObject({ error_code: 40_002, messages_truncated: null });
    expect(json.data[0].error_message).toContain('17 offsets were seen on "west" that it lacks');
    expect(json.data[0].error_message).toContain('Fail it back instead');
    expect(text).toContain(
      `"partition_level_truncation_data":[{"partition_id":0,"offset_truncated_to":${huge},"messages_truncated":17}]`,
    );
  });

  it('does not guess what has diverged', async () => {
    notAsked();
    const { json } = await failedOver(null);
    expect(json.data[0].error_message).toContain('is not known');
    expect(json.data[0].partition_level_truncation_data).toEqual([]);
  });
});
