import { createServer as createHttp, get as getHttp, type IncomingMessage } from 'node:http';
import { createServer as createHttps, get as getHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TestCa } from '@/harness/certificates';
import { outgoingAgent } from './agent';
import { setOutgoingPolicy } from './dial';

const open: Server[] = [];
afterEach(async () => {
  setOutgoingPolicy({ allow: null });
  for (const server of open.splice(0)) await new Promise((closed) => server.close(closed));
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

function text(
  get: (answered: (response: IncomingMessage) => void) => {
    on(event: 'error', failed: (e: Error) => void): unknown;
  },
) {
  return new Promise<string>((resolve, reject) => {
    get((response) => {
      let so = '';
      response.on('data', (chunk: Buffer) => {
        so += chunk;
      });
      response.on('end', () => resolve(so));
    }).on('error', reject);
  });
}

describe('the agent for other libraries', () => {
  it('connects over http and https, with the certificate checked', async () => {
    const ca = await TestCa.create();
    const certificate = await ca.issueServer({ name: 'idp', hosts: ['127.0.0.1', 'localhost'] });
    const plain = await listen(createHttp((_, response) => response.end('plain')));
    const secured = await listen(createHttps(certificate, (_, response) => response.end('secured')));
    const agent = outgoingAgent;
    expect(await text((done) => getHttp(`http://localhost:${plain}/`, { agent }, done))).toBe('plain');
    const url = `https://localhost:${secured}/`;
    expect(await text((done) => getHttps(url, { agent, ca: ca.pem }, done))).toBe('secured');
    await expect(text((done) => getHttps(url, { agent }, done))).rejects.toMatchObject({ failure: 'TLS' });
  });

  it('refuses what the dialler refuses, also addresses that need no look-up', async () => {
    const agent = outgoingAgent;
    for (const url of ['http://169.254.169.254/', 'http://[fd00:ec2::254]/', 'http://10.1.2.3/']) {
      await expect(text((done) => getHttp(url, { agent }, done))).rejects.toMatchObject({
        failure: 'REFUSED',
      });
    }
    const port = await listen(createHttp((_, response) => response.end('plain')));
    setOutgoingPolicy({ allow: [] });
    const url = `http://127.0.0.1:${port}/`;
    await expect(text((done) => getHttp(url, { agent }, done))).rejects.toMatchObject({ failure: 'REFUSED' });
  });
});
