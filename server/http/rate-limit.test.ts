// The limit as a client meets it: which requests count together, and what the refusal says.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as metaRoute from '@/app/api/meta/route';
import * as healthRoute from '@/app/healthz/route';
import { everywhere } from '@/server/access/actor';
import { anonymousRequestsPerWindow } from '@/server/intervals';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';
import { RateLimits } from './rate-limit';

const key = (id: string) =>
  ({ kind: 'apiKey', id, name: id, grants: everywhere('viewer'), bootstrap: false, address: null }) as const;

describe('the limit of requests', () => {
  it('counts each key by itself', async () => {
    const limits = new RateLimits(1);
    for (let i = 0; i < 5; i++) await limits.take(key('a'));
    await expect(limits.take(key('a'))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await limits.take(key('b'));
  });

  it('counts what comes without credentials by address', async () => {
    const limits = new RateLimits(1);
    const from = (address: string) => limits.take({ kind: 'anonymous', address });
    for (let i = 0; i < anonymousRequestsPerWindow; i++) await from('192.0.2.1');
    await expect(from('192.0.2.1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await from('192.0.2.2');
    for (let i = 0; i < anonymousRequestsPerWindow; i++) await from(`2001:db8:1:1::${i.toString(16)}`);
    await expect(from('2001:db8:1:1:ffff::1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await from('2001:db8:1:2::1');
  });

  it('never holds up the engine and the server itself', async () => {
    const limits = new RateLimits(1);
    for (let i = 0; i < 100; i++) await limits.take({ kind: 'engine' });
  });

  describe('at a route', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startTestServer({ apiKey: { key: 'robot', secret: 'right' } });
    });
    afterAll(() => server.close());

    it('answers 429 in the shape of the API, with the seconds to wait', async () => {
      const call = () => callRoute(metaRoute.GET, '/api/meta', { as: null });
      for (let i = 0; i < anonymousRequestsPerWindow; i++) expect((await call()).status).toBe(401);
      const refused = await call();
      expect(refused.status).toBe(429);
      expect(refused.json).toMatchObject({ code: 'RATE_LIMITED' });
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(5);
    });

    it('does not count what asks for health', async () => {
      for (let i = 0; i <= anonymousRequestsPerWindow; i++) {
        expect((await callRoute(healthRoute.GET, '/healthz')).status).toBe(200);
      }
    });
  });
});
