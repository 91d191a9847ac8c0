import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ConnectError, KafkaError } from '@/server/kafka/wire/errors';
import { processIsGone } from './process-gone';

const refused = (cause: unknown) =>
  new ConnectError('TCP', 'broker 1', 'refused', { retriable: true, cause });

test('a port of this machine that nobody listens at proves it, as Node tells it', async () => {
  const cause = await new Promise((resolve) =>
    connect({ host: '127.0.0.1', port: 1 }).once('error', resolve),
  );
  expect(processIsGone(refused(cause))).toBe(true);
});

test.each([
  ['a refusal from elsewhere', refused({ code: 'ECONNREFUSED', address: '10.0.0.7' })],
  [
    'a refusal from a name that only begins like this machine',
    refused({ code: 'ECONNREFUSED', address: '127.0.0.1.example' }),
  ],
  ['a refusal of an unknown address', refused({ code: 'ECONNREFUSED' })],
  ['silence', refused({ code: 'ETIMEDOUT', address: '127.0.0.1' })],
  ['another error', new KafkaError('no answer', { retriable: true })],
])('%s does not', (_, error) => {
  expect(processIsGone(error)).toBe(false);
});
