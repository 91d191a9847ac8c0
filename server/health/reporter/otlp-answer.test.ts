import { expect, it } from 'vitest';
import { readOtlpAnswer } from './otlp-answer';

const read = (status: number, type: string, body: Buffer | string) =>
  readOtlpAnswer({ status, headers: { 'content-type': type }, body: Buffer.from(body) });
const protobuf = 'application/x-protobuf';

it('reads a google.rpc.Status as protobuf', () => {
  const status = Buffer.from([8, 14, 18, 4, ...Buffer.from('busy')]);
  expect(read(503, protobuf, status)).toEqual({ text: 'busy', rejected: 0 });
});

it('reads how many points were left out, as protobuf and as JSON', () => {
  const response = Buffer.from([10, 9, 8, 0xac, 2, 18, 4, ...Buffer.from('full')]);
  expect(read(200, protobuf, response)).toEqual({ text: 'full', rejected: 300 });
  const json = '{"partialSuccess":{"rejectedDataPoints":"300","errorMessage":"full"}}';
  expect(read(200, 'application/json', json)).toEqual({ text: 'full', rejected: 300 });
});

it('takes an empty answer for success', () => {
  for (const type of [protobuf, 'application/json', 'text/plain'])
    expect(read(200, type, type === 'application/json' ? '{}' : '')).toEqual({ text: '', rejected: 0 });
});

it('takes for text what is no message', () => {
  expect(read(502, 'text/html', 'Bad gateway').text).toBe('Bad gateway');
  expect(read(502, 'application/json', '{"message":').text).toBe('{"message":');
  for (const cut of [[10], [10, 200], [255, 255], [15, 1], [8]])
    expect(read(200, protobuf, Buffer.from(cut)).rejected).toBe(0);
});
