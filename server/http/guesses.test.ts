// Answers must not tell a stranger which of its guesses is a secret of this server: a guess and a secret are answered alike.
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as nowhere from '@/app/api/[[...path]]/route';
import * as meta from '@/app/api/meta/route';
import * as oneTimeLink from '@/app/api/one-time-link/route';
import { rememberSecrets } from '@/server/access/scrub';
import { requestOf, startTestServer, type TestServer } from '@/server/testing/test-server';
import type { RouteHandler } from './define-route';

const secret = 'a-secret-of-this-server';
const guess = 'b-secret-of-nobody-else';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  rememberSecrets('guesses', [secret]);
});
afterAll(async () => {
  rememberSecrets('guesses', []);
  await server.close();
});

async function answer(handler: RouteHandler, request: Request): Promise<string> {
  const response = await handler(request, { params: Promise.resolve({}) });
  const text = (await response.text()).replace(/"requestId":"[^"]+"/, '');
  return `${response.status} ${text}`;
}

const host = '127.0.0.1:3000';
const places: Record<string, (word: string) => [RouteHandler, Request]> = {
  'the name of the host': (word) => [meta.GET, requestOf('/api/meta', { headers: { host: word } })],
  'the origin': (word) => [
    oneTimeLink.POST,
    requestOf('/api/one-time-link', {
      method: 'POST',
      body: {},
      headers: { host, origin: `http://${word}` },
    }),
  ],
  'a path': (word) => [nowhere.GET, requestOf(`/api/${word}`)],
  'a key of the body': (word) => [
    oneTimeLink.POST,
    requestOf('/api/one-time-link', {
      method: 'POST',
      body: { [word]: 1 },
      headers: { host, origin: `http://${host}` },
    }),
  ],
};

it.each(Object.entries(places))('%s is answered alike, whether it is a secret or not', async (_, request) => {
  const ofSecret = await answer(...request(secret));
  const ofGuess = await answer(...request(guess));
  expect(ofSecret.replaceAll(secret, 'WORD')).toBe(ofGuess.replaceAll(guess, 'WORD'));
  expect(ofSecret).toMatch(/^4\d\d /);
  expect(ofSecret).not.toContain('[secret]');
});

it('does not repeat more unknown keys than help', async () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${'k'.repeat(200)}${i}`, 1]));
  const request = requestOf('/api/one-time-link', {
    method: 'POST',
    body: many,
    headers: { host, origin: `http://${host}` },
  });
  const text = await answer(oneTimeLink.POST, request);
  expect(text).toContain('and 995 more');
  expect(text.length).toBeLessThan(2000);
});
