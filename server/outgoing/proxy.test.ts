import { createServer as createHttp, type Server as HttpServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestCa } from '@/harness/certificates';
import { type OutgoingInit, outgoingFetch, setOutgoingPolicy } from './dial';

let ca: TestCa;
beforeAll(async () => {
  ca = await TestCa.create();
});
const open: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  setOutgoingPolicy({ allow: null });
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await new Promise((closed) => server.close(closed));
});
async function listen(server: HttpServer | Server): Promise<number> {
  open.push(server);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Answers with the name on the client's certificate. */
async function target(): Promise<number> {
  const certificate = await ca.issueServer({ name: 'hub', hosts: ['hub.example.com'] });
  const asksForOne = { ...certificate, ca: ca.pem, requestCert: true, rejectUnauthorized: false };
  const server = createHttps(asksForOne, (request, response) => {
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    response.end(`from ${subject?.CN ?? 'nobody'}`);
  });
  return listen(server);
}

/** Leads every name to this machine, when it is asked with these credentials. */
async function proxy(asked: string[], credentials?: string): Promise<number> {
  const server = createHttp();
  server.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '');
    const given = request.headers['proxy-authorization'];
    if (credentials && given !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const way = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    sockets.push(way);
    way.on('error', () => socket.destroy());
    socket.on('error', () => way.destroy());
  });
  return listen(server);
}

const get = (url: string, init: Partial<OutgoingInit>) =>
  outgoingFetch(url, { method: 'GET', timeoutMs: 5_000, maxResponseBytes: 1_000, ca: ca.pem, ...init });

describe('a way out through a proxy', () => {
  it('leads to the server by its name, with its certificate checked, and shows ours', async () => {
    const asked: string[] = [];
    const [port, way] = [await target(), await proxy(asked)];
    const client = await ca.issueClient({ name: 'console' });
    const through = { proxy: { url: `http://127.0.0.1:${way}` } };
    const answer = await get(`https://hub.example.com:${port}/`, { ...through, client });
    expect(answer.body.toString()).toBe('from console');
    expect(asked).toEqual([`hub.example.com:${port}`]);
    expect((await get(`https://hub.example.com:${port}/`, through)).body.toString()).toBe('from nobody');
    await expect(get(`https://other.example.com:${port}/`, through)).rejects.toMatchObject({
      failure: 'TLS',
    });
  });

  it('takes its credentials from the address, and says no more than its host when it is refused', async () => {
    const [port, way] = [await target(), await proxy([], 'me:hunter2')];
    const url = `https://hub.example.com:${port}/`;
    const right = await get(url, { proxy: { url: `http://me:hunter2@127.0.0.1:${way}` } });
    expect(right.status).toBe(200);
    const wrong = get(url, { proxy: { url: `http://me:hunter3@127.0.0.1:${way}` } });
    await expect(wrong).rejects.toThrow(
      `The proxy 127.0.0.1 port ${way} gives no way to hub.example.com:${port} (status 407: it asks for credentials, put them in HTTPS_PROXY).`,
    );
  });

  it('is named when it takes no connection, or says nothing, without its credentials', async () => {
    const silent = await listen(createTcp());
    const gone = createTcp();
    const closed = await listen(gone);
    await new Promise((done) => gone.close(done));
    open.splice(open.indexOf(gone), 1);
    const through = (port: number) => ({ proxy: { url: `http://me:hunter2@127.0.0.1:${port}` } });
    await expect(get('https://hub.example.com/', through(closed))).rejects.toThrow(
      `hub.example.com port 443 is not reached: the proxy 127.0.0.1 port ${closed}, through which HTTPS_PROXY leads, fails. No connection to 127.0.0.1 port ${closed} (127.0.0.1: ECONNREFUSED).`,
    );
    await expect(get('https://hub.example.com/', { ...through(silent), timeoutMs: 300 })).rejects.toThrow(
      `hub.example.com port 443, through the proxy 127.0.0.1 port ${silent}, has not answered within 300 ms.`,
    );
  });

  it('leads to no address that is refused without one', async () => {
    const asked: string[] = [];
    const through = { proxy: { url: `http://127.0.0.1:${await proxy(asked)}` } };
    await expect(get('https://169.254.169.254/', through)).rejects.toMatchObject({ failure: 'REFUSED' });
    setOutgoingPolicy({ allow: ['*.example.org'] });
    await expect(get('https://hub.example.com/', through)).rejects.toMatchObject({ failure: 'REFUSED' });
    expect(asked).toEqual([]);
  });
});
