// Answers must not tell a stranger which of its guesses is a secret of this server: a guess and a secret are answered alike.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as nowhere from '@/app/api/[[...path]]/route';
import * as entryRoute from '@/app/api/audit/[id]/route';
import * as auditRoute from '@/app/api/audit/route';
import * as previewRoute from '@/app/api/links/preview/route';
import * as linksRoute from '@/app/api/links/route';
import * as meta from '@/app/api/meta/route';
import * as oneTimeLink from '@/app/api/one-time-link/route';
import * as peopleRoute from '@/app/api/people/route';
import { rememberSecrets } from '@/server/access/scrub';
import { everywhere, signedIn, type TestPerson } from '@/server/testing/actors';
import { addClusters, post } from '@/server/testing/requests';
import { callRoute, requestOf, startTestServer, type TestServer } from '@/server/testing/test-server';
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

it('what brokers say of a topic is answered alike, whether its name is a secret or not', async () => {
  await addClusters();
  const { checkMirrors } = server.engine.answers;
  const ask = async (word: string) => {
    server.engine.answers.checkMirrors = ({ mirrors }) =>
      mirrors.map((names) => ({
        ...{ topic: names.topic, sourceTopic: names.sourceTopic, ok: false },
        ...{ partitions: null, headFill: null, backlog: null },
        message: `${names.sourceTopic} doesn't exist on west.`,
      }));
    const body = { source: 'west', destination: 'east', topics: [word, 'a', `x.${word}`], name: 'guesses' };
    const { json } = await callRoute(previewRoute.POST, '/x', post(body));
    return json.verdicts.map(({ message }: { message: string }) => message);
  };
  const [ofSecret, ofGuess] = [await ask(secret), await ask(guess)];
  server.engine.answers.checkMirrors = checkMirrors;
  expect(ofSecret).toContain(`${secret} doesn't exist on west.`);
  expect(ofSecret.map((text: string) => text.replaceAll(secret, 'WORD'))).toEqual(
    ofGuess.map((text: string) => text.replaceAll(guess, 'WORD')),
  );
});

describe('the audit log', () => {
  const ends = { source: 'west', destination: 'east' };
  const newest = async (operation: string, { as }: TestPerson) => {
    const { json } = await callRoute(auditRoute.GET, `/x?operation=${encodeURIComponent(operation)}`, { as });
    const params = { id: json.entries[0].operationId };
    return (await callRoute(entryRoute.GET, '/x', { params, as })).json;
  };

  it('shows an operator what they have typed, right guess or not, and topics of such names are as others', async () => {
    const olga = await signedIn(server, 'olga', [everywhere('operator')]);
    const body = { ...ends, topics: [secret, guess], name: 'guesses' };
    const { json } = await callRoute(previewRoute.POST, '/x', { ...post(body), as: olga.as });
    expect(json.verdicts).toMatchObject([
      { topic: secret, ok: true },
      { topic: guess, ok: true },
    ]);
    server.engine.answers.checkMirrors = () => [];
    for (const word of [secret, guess]) {
      const create = { ...ends, name: 'guesses', topics: [word] };
      expect((await callRoute(linksRoute.POST, '/x', { ...post(create), as: olga.as })).status).toBe(422);
      expect(await newest('create link', olga)).toMatchObject({
        details: { topics: [word] },
        message: expect.stringContaining(word),
      });
    }
  });

  it('tells who was made what, whatever the password of some cluster is', async () => {
    rememberSecrets('guesses', ['administrator', 'everywhere']);
    const ada = await signedIn(server, 'ada', [everywhere('administrator')]);
    const invited = { userName: 'eve', grants: [everywhere('administrator')] };
    expect((await callRoute(peopleRoute.POST, '/x', { ...post(invited), as: ada.as })).status).toBe(201);
    expect(await newest('invite person', ada)).toMatchObject({ after: { grants: invited.grants } });
    rememberSecrets('guesses', [secret]);
  });
});
