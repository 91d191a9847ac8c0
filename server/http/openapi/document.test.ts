// The documents are read here as a client would: valid OpenAPI 3.1, complete, with the types of the wire.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modules } from '@/app/api/openapi.json/modules';
import * as documentRoute from '@/app/api/openapi.json/route';
import { callRoute, requestOf, startTestServer, type TestServer } from '@/server/testing/test-server';
import { getRestOpenApi } from '../rest/openapi';
import { restRoutes } from '../rest/router';

const apiFolder = join(process.cwd(), 'app/api');
/** Catch-alls answer what has no address; next-auth's addresses are its own protocol, not ours. */
const notDescribed = (path: string) => path.includes('[...') || path.startsWith('/auth/');

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function restDocument() {
  const response = await getRestOpenApi(() => restRoutes)(requestOf('/kafka/v3/openapi.json'), {});
  expect(response.status).toBe(200);
  return response.json();
}

describe('the OpenAPI documents', () => {
  it('list every route file of /api, so that none can be forgotten', () => {
    const files = readdirSync(apiFolder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('route.ts'))
      .map((file) => `/${file.replaceAll('\\', '/').replace(/\/?route\.ts$/, '')}`)
      .filter((path) => !notDescribed(path) && path !== '/openapi.json')
      .map((path) => path.replace(/\[([^\]]+)\]/g, '{$1}'));
    expect(Object.keys(modules).toSorted()).toEqual(files.toSorted());
  });

  it('are valid OpenAPI 3.1 for both APIs', async () => {
    const own = await callRoute(documentRoute.GET, '/api/openapi.json');
    expect(own.status).toBe(200);
    for (const document of [own.json, await restDocument()]) {
      const result = await new Validator().validate(document);
      expect(result.errors).toBeUndefined();
      expect(result.valid).toBe(true);
    }
  });

  it('give each operation an id of its own, its role, and a success with what it answers', async () => {
    const own = await callRoute(documentRoute.GET, '/api/openapi.json');
    for (const document of [own.json, await restDocument()]) {
      type Operation = {
        operationId: string;
        'x-landbridge-role': string;
        responses: Record<string, unknown>;
      };
      const operations = Object.values<Record<string, Operation>>(document.paths).flatMap(
        Object.values<Operation>,
      );
      expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
      for (const operation of operations) {
        expect([
          'anonymous',
          'signedIn',
          'hubSender',
          'viewer',
          'operator',
          'approver',
          'administrator',
        ]).toContain(operation['x-landbridge-role']);
        expect(Object.keys(operation.responses).some((status) => /^2\d\d$/.test(status))).toBe(true);
        expect(operation.responses).toHaveProperty('default');
      }
    }
  });

  it('tell 64-bit integers as integers under /kafka/v3 and as strings under /api', async () => {
    const text = JSON.stringify(await restDocument());
    expect(text).toContain('"format":"int64"');
    const own = await callRoute(documentRoute.GET, '/api/openapi.json');
    expect(own.text).not.toContain('"format":"int64"');
  });
});
