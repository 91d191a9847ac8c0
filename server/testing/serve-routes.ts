// For tests: route handlers of the running test server behind a real HTTP port, with its socket, its streams and its limits.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RouteHandler } from '@/server/http/define-route';

/** @param routes "POST /api/health-reports" → handler */
export async function serveRoutes(
  routes: Record<string, RouteHandler>,
  /** As which the server knows itself. */
  host: string,
): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const handler = routes[`${incoming.method} ${incoming.url}`];
    if (!handler) {
      outgoing.writeHead(404).end();
      return;
    }
    const answer = await handler(await requestOf(incoming, host), { params: Promise.resolve({}) });
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  // Clients that ask once a minute find the connection as they left it.
  server.keepAliveTimeout = 90_000;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function requestOf(incoming: IncomingMessage, host: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (typeof value === 'string') headers.set(name, value);
  headers.set('host', host);
  const { method = 'GET' } = incoming;
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  return new Request(`http://${host}${incoming.url}`, { method, headers, ...body });
}
