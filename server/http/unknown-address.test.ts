import { afterEach, beforeEach, expect, it } from 'vitest';
import * as api from '@/app/api/[[...path]]/route';
import * as kafka from '@/app/kafka/[[...path]]/route';
import { restError } from '@/lib/contracts/kafka-rest';
import { requestOf, startTestServer, type TestServer } from '@/server/testing/test-server';
import { methodNames } from './methods';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const [ofKafka, ofApi] = [{ ...kafka }, { ...api }];
const params = { params: Promise.resolve({}) };

it.each(methodNames)('answers %s outside of /kafka/v3 in the shape of the REST API', async (method) => {
  for (const path of ['/kafka', '/kafka/v2/clusters', '/kafka/v4']) {
    const response = await ofKafka[method](requestOf(path, { method }), params);
    expect(response.status).toBe(404);
    const error = restError.parse(await response.json());
    expect(error).toEqual({ error_code: 404, message: `There is nothing at ${path}. Check the address.` });
  }
});

it.each(methodNames)('answers %s at an unknown address of /api in its own shape', async (method) => {
  const response = await ofApi[method](requestOf('/api/nothing', { method }), params);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: 'NOT_FOUND', requestId: expect.any(String) });
});
