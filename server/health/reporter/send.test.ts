import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendBy } from './send';

let server: Server;
let answer: RequestListener;
beforeEach(async () => {
  answer = (request, response) => {
    const { url = '', headers } = request;
    response
      .writeHead(404)
      .end(`Cannot POST ${url} (${decodeURIComponent(url)}) as ${headers.authorization}`);
  };
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const plainSend = () =>
  sendBy({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    ...{ proxy: null, ca: null, client: null, secrets: [], headers: () => ({}) },
  });

it('quotes no key that an endpoint repeats, neither of a header nor of its address', async () => {
  const { port } = server.address() as AddressInfo;
  const send = sendBy({
    url: `http://127.0.0.1:${port}/in?v=1&key=of%20the%20address`,
    ...{ proxy: null, ca: null, client: null, secrets: ['of-the-header'] },
    headers: () => ({ authorization: 'Bearer of-the-header' }),
  });
  expect(await send(Buffer.from('{}'))).toMatchObject({
    status: 404,
    said: 'Cannot POST /in?v=1&key=[secret] (/in?v=1&key=[secret]) as Bearer [secret]',
  });
});

it('goes by the status alone, however long the rest of the answer is, and reads no more of it', async () => {
  let written = 0;
  const broken = new Promise<void>((resolve) => {
    answer = (_, response) => {
      response.writeHead(200);
      const more = () => {
        written += 65_536;
        if (!response.destroyed) response.write(Buffer.alloc(65_536, 'x'), () => setImmediate(more));
      };
      response.on('close', resolve);
      more();
    };
  });
  expect(await plainSend()(Buffer.from('{}'))).toMatchObject({ status: 200 });
  await broken;
  expect(written).toBeLessThan(50 * 65_536);
});

it('goes by the status of an answer that breaks off', async () => {
  answer = (_, response) => {
    response.writeHead(202, { 'content-length': '100' });
    response.write('begun', () => response.destroy());
  };
  expect(await plainSend()(Buffer.from('{}'))).toMatchObject({ status: 202, said: 'begun' });
});

it('waits only a moment for the rest of an answer that drips', async () => {
  answer = (_, response) => {
    response.writeHead(200);
    const dripping = setInterval(() => response.write('x'), 100);
    response.on('close', () => clearInterval(dripping));
  };
  const began = performance.now();
  expect(await plainSend()(Buffer.from('{}'))).toMatchObject({
    status: 200,
    said: expect.stringMatching(/^x+$/),
  });
  expect(performance.now() - began).toBeLessThan(10_000);
}, 30_000);
