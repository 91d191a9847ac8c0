// The token endpoint as a server of this process: what is asked, how long an answer serves, and what is said when it refuses.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TokenSource, tokenSourceFor } from './token-source';

type Asked = { headers: IncomingMessage['headers']; form: URLSearchParams };
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  vi.restoreAllMocks();
});

async function endpoint(answer: (response: ServerResponse, asked: Asked) => void) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = { headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) };
    asked.push(one);
    answer(response, one);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const settings = {
    mechanism: 'OAUTHBEARER' as const,
    tokenEndpoint: `http://127.0.0.1:${port}/token`,
    clientId: 'land bridge',
    clientSecret: 'se:cr+et',
    scope: 'kafka read',
  };
  return { asked, settings, source: new TokenSource(settings) };
}

const json = (response: ServerResponse, body: object, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
let issued = 0;
const token = (more: object = { expires_in: 100 }) => ({
  access_token: `token-${++issued}`,
  token_type: 'Bearer',
  ...more,
});
const later = (ms: number) => {
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now + ms);
};

describe('tokens', () => {
  it('are asked for by the client credentials grant, id and secret form-encoded in the header', async () => {
    const { source, asked } = await endpoint((response) => json(response, token()));
    expect(await source.token()).toBe(`token-${issued}`);
    expect(Object.fromEntries(asked[0]?.form ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'kafka read',
    });
    const header = asked[0]?.headers.authorization ?? '';
    expect(Buffer.from(header.replace('Basic ', ''), 'base64').toString()).toBe('land+bridge:se%3Acr%2Bet');
  });

  it('serve all who ask at once, and all who ask before 80 % of their life are over', async () => {
    const { source, asked } = await endpoint((response) => json(response, token()));
    const [first, second] = await Promise.all([source.token(), source.token()]);
    expect(second).toBe(first);
    later(79_000);
    expect(await source.token()).toBe(first);
    later(2_000);
    expect(await source.token()).not.toBe(first);
    expect(asked).toHaveLength(2);
  });

  it('serve until their end when no other one can be had', async () => {
    let down = false;
    const { source } = await endpoint((response) => json(response, down ? {} : token(), down ? 503 : 200));
    const first = await source.token();
    down = true;
    later(90_000);
    expect(await source.token()).toBe(first);
    later(11_000);
    await expect(source.token()).rejects.toMatchObject({ retriable: true });
  });

  it('say since when no next one can be had, and for how long the one in hand serves', async () => {
    let down = false;
    const { source } = await endpoint((response) => json(response, down ? {} : token(), down ? 503 : 200));
    expect(source.renewal).toBeNull();
    await source.token();
    down = true;
    later(90_000);
    expect(source.renewal).toBeNull();
    await source.token();
    later(5_000);
    const { failingForMs, leftMs } = source.renewal ?? {};
    expect([Math.round((failingForMs ?? 0) / 1_000), Math.round((leftMs ?? 0) / 1_000)]).toEqual([5, 5]);
    down = false;
    await source.token();
    expect(source.renewal).toBeNull();
  });

  it('tell their end themselves where the endpoint does not', async () => {
    const exp = Math.floor(Date.now() / 1000) + 100;
    const jwt = `e30.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.x`;
    const { source, asked } = await endpoint((response) => json(response, { access_token: jwt }));
    await source.token();
    later(85_000);
    await source.token();
    expect(asked).toHaveLength(2);
  });

  it('come from one source for the same settings', () => {
    const settings = {
      mechanism: 'OAUTHBEARER' as const,
      tokenEndpoint: 'https://x/t',
      clientId: 'a',
      clientSecret: 'b',
    };
    expect(tokenSourceFor({ ...settings })).toBe(tokenSourceFor(settings));
    expect(tokenSourceFor({ ...settings, clientSecret: 'c' })).not.toBe(tokenSourceFor(settings));
  });
});

describe('a token endpoint that gives none', () => {
  it.each([
    [
      401,
      { error: 'invalid_client', error_description: 'no\nsuch client' },
      false,
      /answers 401 invalid_client \(no such client\)/,
    ],
    [503, {}, true, /answers 503$/],
    [429, { error: 'slow_down' }, true, /answers 429 slow_down/],
    [302, {}, false, /answers 302/],
    [200, { access_token: 'secret-token', token_type: 'mac' }, false, /without a bearer token/],
    [200, { token: 'secret-token' }, false, /without a bearer token/],
  ])('is named with its answer %i', async (status, body, retriable, message) => {
    const { source } = await endpoint((response) => json(response, body, status));
    const error = await source.token().then(String, (e: Error) => e);
    expect(error).toMatchObject({ retriable, message: expect.stringMatching(message) });
    expect((error as Error).message).not.toMatch(/se:cr\+et|secret-token/);
  });

  it('is named when it cannot be reached', async () => {
    const { settings } = await endpoint(() => {});
    const source = new TokenSource({ ...settings, tokenEndpoint: 'http://127.0.0.1:9/token' });
    await expect(source.token()).rejects.toMatchObject({
      retriable: true,
      message: expect.stringMatching(/token endpoint http:\/\/127.0.0.1:9\/token cannot be asked/),
    });
  });
});
