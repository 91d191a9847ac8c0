import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type IssuedCertificate, TestCa } from '@/harness/certificates';
import { type OutgoingInit, outgoingConnect, outgoingFetch, setOutgoingPolicy } from './dial';

let ca: TestCa;
let certificate: IssuedCertificate;
beforeAll(async () => {
  ca = await TestCa.create();
  certificate = await ca.issueServer({ name: 'token server', hosts: ['idp.example.com', '127.0.0.1'] });
});

const open: Server[] = [];
afterEach(async () => {
  setOutgoingPolicy({ allow: null });
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

type Options = { secured?: boolean; host?: string };
async function serve(answer: RequestListener, { secured = false, host = '127.0.0.1' }: Options = {}) {
  const server = secured ? createHttps({ ...certificate }, answer) : createHttp(answer);
  open.push(server);
  await new Promise<void>((listening) => server.listen(0, host, listening));
  return (server.address() as AddressInfo).port;
}

const usual: OutgoingInit = { method: 'GET', timeoutMs: 5_000, maxResponseBytes: 10_000 };
const to =
  (...addresses: string[]) =>
  async () =>
    addresses;
const get = (url: string, init: Partial<OutgoingInit> = {}, addresses: string[] = ['127.0.0.1']) =>
  outgoingFetch(url, { ...usual, ...init }, to(...addresses));
const ok: RequestListener = (_, response) => response.end('hello');

describe('the outgoing dialler', () => {
  it('sends method, path, headers and body to the address of the name, with the name as host', async () => {
    let seen: (IncomingMessage & { text?: string }) | null = null;
    const port = await serve(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      seen = Object.assign(request, { text: Buffer.concat(chunks).toString() });
      response.writeHead(201, { 'x-answer': 'yes' }).end('created');
    });
    const answer = await get(`http://hook.example.com:${port}/a/b?c=d`, {
      method: 'POST',
      headers: { Authorization: 'Basic eHg6eXk=', host: 'evil.example.com' },
      body: 'a=ü',
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-answer': 'yes' } });
    expect(answer.body.toString()).toBe('created');
    expect(seen).toMatchObject({ method: 'POST', url: '/a/b?c=d', text: 'a=ü' });
    expect(seen!.headers).toMatchObject({
      host: `hook.example.com:${port}`,
      authorization: 'Basic eHg6eXk=',
      'content-length': '4',
    });
  });

  it('checks the certificate against the name, and takes only the CA that it is given', async () => {
    const port = await serve(ok, { secured: true });
    const answer = await get(`https://idp.example.com:${port}/`, { ca: ca.pem });
    expect(answer.body.toString()).toBe('hello');
    expect((await outgoingFetch(`https://127.0.0.1:${port}/`, { ...usual, ca: ca.pem })).status).toBe(200);
    await expect(get(`https://other.example.com:${port}/`, { ca: ca.pem })).rejects.toMatchObject({
      failure: 'TLS',
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
    await expect(get(`https://idp.example.com:${port}/`)).rejects.toMatchObject({ failure: 'TLS' });
    const stranger = await TestCa.create('stranger');
    await expect(get(`https://idp.example.com:${port}/`, { ca: stranger.pem })).rejects.toMatchObject({
      failure: 'TLS',
    });
  });

  it('resolves a name once and connects to what it has checked, whatever the name says afterwards', async () => {
    const port = await serve(ok);
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    let asked = 0;
    const rebinding = async () => answers[asked++] ?? [];
    const answer = await outgoingFetch(`http://rebind.example.com:${port}/`, usual, rebinding);
    expect(answer.body.toString()).toBe('hello');
    expect(asked).toBe(1);
    await expect(outgoingFetch(`http://rebind.example.com:${port}/`, usual, rebinding)).rejects.toMatchObject(
      {
        failure: 'REFUSED',
      },
    );
  });

  it('calls nobody when one of the addresses of a name is refused', async () => {
    let called = false;
    const port = await serve((_, response) => {
      called = true;
      response.end();
    });
    const call = get(`http://mixed.example.com:${port}/`, {}, ['127.0.0.1', '169.254.169.254']);
    await expect(call).rejects.toMatchObject({
      failure: 'REFUSED',
      message: expect.stringContaining('mixed.example.com (169.254.169.254) is not called'),
    });
    expect(called).toBe(false);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://169.254.43518/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://①⑥⑨.254.169.254/',
    'http://0/',
    'http://[::]/',
  ])('refuses %s', async (url) => {
    for (const spelling of [url, url.replace('http:', 'https:')]) {
      await expect(outgoingFetch(spelling, usual)).rejects.toMatchObject({
        failure: 'REFUSED',
        message: expect.stringContaining('such addresses are never called'),
      });
    }
  });

  it('refuses other schemes, credentials in the URL, and what is no URL, without repeating a secret', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://a/', 'https://u:hunter2@a.example.com/', 'hunter2']) {
      const error = await outgoingFetch(url, usual).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ failure: 'REFUSED' });
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it('sends nothing in the clear to other machines, unless the list says so', async () => {
    await expect(get('http://hook.example.com/', {}, ['10.1.2.3'])).rejects.toMatchObject({
      failure: 'REFUSED',
      message: expect.stringContaining('without TLS'),
    });
    const port = await serve(ok, { host: '127.0.0.1' });
    setOutgoingPolicy({ allow: ['10.0.0.0/8'] });
    await expect(get(`http://hook.example.com:${port}/`)).rejects.toThrow(
      'outgoing.allow of landbridge.yaml',
    );
    setOutgoingPolicy({ allow: ['hook.example.com'] });
    expect((await get(`http://hook.example.com:${port}/`)).status).toBe(200);
  });

  it('hands a redirect back and goes nowhere', async () => {
    let followed = false;
    const target = await serve((_, response) => {
      followed = true;
      response.end();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const port = await serve((_, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${target}/` }).end(),
      );
      const answer = await get(`http://hook.example.com:${port}/`, { method: 'POST', body: 'secret' });
      expect(answer.status).toBe(status);
    }
    expect(followed).toBe(false);
  });

  it('tries the next address when one does not answer', async () => {
    const port = await serve(ok);
    // Nobody listens on this port of ::1 and 127.0.0.2: the server is bound to 127.0.0.1.
    const answer = await get(`http://hook.example.com:${port}/`, {}, ['::1', '127.0.0.2', '127.0.0.1']);
    expect(answer.status).toBe(200);
    await expect(get(`http://hook.example.com:${port}/`, {}, ['127.0.0.2'])).rejects.toMatchObject({
      failure: 'CONNECT',
      message: expect.stringContaining('127.0.0.2: ECONNREFUSED'),
    });
  });

  it('ends within its time at every stage: name, TLS, head and body of the answer', async () => {
    const silent = createTcp((socket) => socket.resume());
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const silentPort = (silent.address() as AddressInfo).port;
    const trickling = await serve((_, response) => {
      response.write('x');
    });
    const timeoutMs = 150;
    const never = () => new Promise<string[]>(() => undefined);
    await expect(
      outgoingFetch('https://a.example.com', { ...usual, timeoutMs }, never),
    ).rejects.toMatchObject({ failure: 'TIMEOUT' });
    for (const url of [
      `https://a.example.com:${silentPort}`,
      `http://a.example.com:${silentPort}`,
      `http://a.example.com:${trickling}`,
    ]) {
      await expect(get(url, { timeoutMs })).rejects.toMatchObject({
        failure: 'TIMEOUT',
        message: expect.stringMatching(/^a\.example\.com port \d+ has not answered within 150 ms\.$/),
      });
    }
    await new Promise((closed) => silent.close(closed));
  });

  it('stops reading an answer that is too large', async () => {
    let written = 0;
    const port = await serve((_, response) => {
      const more = () => {
        while (written < 50_000_000 && response.write(Buffer.alloc(64_000))) written += 64_000;
      };
      response.on('drain', more);
      more();
    });
    await expect(get(`http://a.example.com:${port}/`)).rejects.toMatchObject({ failure: 'TOO_LARGE' });
    expect(written).toBeLessThan(50_000_000);
  });

  it('says so when the name does not resolve, the answer breaks off, or is not HTTP', async () => {
    await expect(
      outgoingFetch('https://a.invalid/', usual, async () => {
        throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
      }),
    ).rejects.toMatchObject({
      failure: 'RESOLVE',
      message: 'The name a.invalid does not resolve (ENOTFOUND).',
    });
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(get(`http://a.example.com:${port}/s3cret?s3cret`)).rejects.toMatchObject({
      failure: 'BROKEN',
      message: expect.not.stringContaining('s3cret'),
    });
  });

  it('opens other connections by the same rules', async () => {
    const port = await serve(ok);
    const socket = await outgoingConnect({ host: '127.0.0.1', port, tls: null, timeoutMs: 5_000 });
    expect(socket.remotePort).toBe(port);
    socket.destroy();
    const meta = outgoingConnect({ host: '169.254.169.254', port: 25, tls: null, timeoutMs: 5_000 });
    await expect(meta).rejects.toMatchObject({ failure: 'REFUSED' });
  });
});
