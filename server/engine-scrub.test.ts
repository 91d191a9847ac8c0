// No words of the engine leave it with a secret in them, and no name, state or type is taken for one.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FromEngine, fromEngine } from '@/lib/contracts/engine';
import { rememberSecrets } from './access/scrub';
import { scrubbedMessage } from './engine-scrub';
import { taskOf } from './testing/engine-messages';
import { snapshotOf } from './testing/snapshots';

const secret = 'broker-password-7';
const said = `SASL failed: wrong credentials ${secret}`;

beforeEach(() => rememberSecrets('test', [secret]));
afterEach(() => rememberSecrets('test', []));

const text = (message: FromEngine) =>
  JSON.stringify(scrubbedMessage(message), (_, value) =>
    typeof value === 'bigint' ? String(value) : (value as unknown),
  );

function snapshot() {
  const message = snapshotOf(1, [{ id: 'a', mirrors: [{ topic: 'orders', numbers: [{}] }] }]);
  const [link] = message.links;
  const [mirror] = link?.mirrors ?? [];
  if (!link || !mirror) throw new Error('The snapshot has no mirror');
  link.message = said;
  link.tasks = [{ ...taskOf('AclSync'), said, errors: [{ code: 'INTERNAL_ERROR', message: said }] }];
  link.locks = [{ state: 'WATCHED', message: said }];
  mirror.message = said;
  mirror.verifyTrouble = said;
  const { state, error, since } = mirror;
  mirror.exceptions = [{ partition: 0, state, error, since, message: said }];
  return message;
}

const operation = (name: string): FromEngine =>
  fromEngine.parse({
    ...{ type: 'operation', id: 1, linkId: 'a', topic: name, operationId: 'o', at: 1, fencing: true },
    ...{ outcome: 'DONE', message: said },
    steps: [{ name: 'REFRESH', state: 'DONE', since: 1, endedAt: 2, detail: said }],
    statement: {
      ...{ at: 1, kind: 'FAILOVER', topic: name, sourceTopic: name, notes: [said], missing: null },
      ...{ knownAt: null, configs: {} },
      partitions: [
        {
          ...{
            partition: 0,
            mirrorEnd: null,
            fence: null,
            epoch: null,
            sourceLastStable: null,
            sourceEnd: null,
          },
          ...{ sourceSeenAt: null, missing: null, left: [], note: said },
        },
      ],
    },
  });

describe('what the engine says', () => {
  it.each<[string, () => FromEngine]>([
    ['a snapshot, with its tasks, locks and doubts', snapshot],
    ['an operation, with its steps and its statement', () => operation('orders')],
    [
      'an event',
      () => ({
        ...{ type: 'event', linkId: 'a', at: 1, topic: null, partition: null, from: null, to: 'FAILED' },
        message: said,
      }),
    ],
    ['a line of the log', () => ({ type: 'log', level: 'warn', message: said })],
    ['an answer', () => ({ type: 'answer', id: 1, ok: true, value: { problems: [said] }, error: null })],
    ['a failed answer', () => ({ type: 'answer', id: 1, ok: false, value: null, error: said })],
  ])('holds no secret: %s', (_, message) => {
    expect(JSON.stringify(text(message()))).toContain('[secret]');
    expect(text(message())).not.toContain(secret);
  });

  it('keeps what it is about, where a password reads like the name of a topic, a group, or a message', () => {
    rememberSecrets('test', ['operation', 'keepGroups', 'heartbeat', 'orders-eu', 'PENDING_STOPPED']);
    const kept = [
      { type: 'heartbeat', at: 1 },
      { type: 'persist', id: 1, linkId: 'a', topic: 'orders-eu', created: true },
      { type: 'keepGroups', id: 1, linkId: 'a', put: [], remove: ['orders-eu'] },
      {
        ...{ type: 'event', linkId: 'a', at: 1, topic: 'orders-eu', partition: null, from: 'ACTIVE' },
        ...{ to: 'PENDING_STOPPED', message: null },
      },
    ].map((message) => fromEngine.parse(message));
    const verdict = { topic: 'orders-eu', sourceTopic: 'orders-eu', ok: true, message: 'Will be created.' };
    kept.push({ type: 'answer', id: 1, ok: true, value: [verdict, { name: 'orders-eu' }], error: null });
    for (const message of kept) expect(scrubbedMessage(message)).toEqual(message);
    expect(scrubbedMessage(operation('orders-eu'))).toMatchObject({
      type: 'operation',
      topic: 'orders-eu',
      statement: { topic: 'orders-eu', sourceTopic: 'orders-eu' },
    });
  });

  it('keeps in an answer the names that were asked for, and nothing else', () => {
    const cluster = {
      name: 'west',
      bootstrapServers: ['west:9092'],
      security: { protocol: 'PLAINTEXT' as const },
    };
    const ask = (topic: string, message: string) => {
      const asked = {
        op: 'lookAtTopics',
        linkId: 'a',
        clusterId: 'c',
        topics: [topic, 'o'].map((name) => ({ topic: name, mirroredId: null })),
        cluster,
      } as const;
      const answer = {
        type: 'answer',
        id: 1,
        ok: true,
        error: message,
        value: [{ topic, message }],
      } as const;
      return scrubbedMessage(answer, { ...asked, topics: [...asked.topics] });
    };
    const word = `x.${secret}.y`;
    for (const message of [`${word} is not there.`, `no ${word}`])
      expect(ask(word, message)).toMatchObject({ error: message, value: [{ message }] });
    for (const topic of ['orders', secret.slice(1), `${secret}-longer`])
      expect(ask(topic, said)).toMatchObject({ error: 'SASL failed: wrong credentials [secret]' });
  });
});
