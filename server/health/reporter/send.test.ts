import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendBy } from './send';

let server: Server;
beforeEach(async () => {
  server = createServer((request, response) => {
    const { url = '', headers } = request;
    response
      .writeHead(404)
      .end(`Cannot POST ${url} (${decodeURIComponent(url)}) as ${headers.authorization}`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(() => server.close());

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
