// A reverse proxy as people put in front: ends TLS with a certificate of a test's own CA and passes requests on over plain http,
// Host as it came, the address of its client at the end of x-forwarded-for.
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TestCa } from '@/harness/certificates';

/** Where the proxy says that its clients are: one machine cannot show another one. */
export const clientOfProxy = '203.0.113.9';

export class TlsProxy {
  readonly origin: string;
  /** Of the CA, as PEM text. */
  readonly ca: string;
  readonly #server: Server;

  private constructor(server: Server, ca: string) {
    this.#server = server;
    this.ca = ca;
    this.origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  }

  /** @param target the port that it passes requests to, once that is known */
  static async start(target: () => number): Promise<TlsProxy> {
    const ca = await TestCa.create();
    const { cert, key } = await ca.issueServer({ name: 'localhost' });
    const server = createServer({ cert, key }, (incoming, outgoing) => {
      const before = incoming.headers['x-forwarded-for'];
      const headers = {
        ...incoming.headers,
        'x-forwarded-for': [before, clientOfProxy].flat().filter(Boolean).join(', '),
        'x-forwarded-proto': 'https',
      };
      const { method, url: path } = incoming;
      const passed = request({ host: '127.0.0.1', port: target(), method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsProxy(server, ca.pem);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
