// Which ports may be bound. Opens sockets only to see whether a port is free.
import { createServer } from 'node:net';

/** @returns null when the port is free, otherwise the reason ("EADDRINUSE", "EACCES", …) */
export function portProblem(host, port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

/** The first free port from `first` on. */
export async function freePort(host, first) {
  for (let port = first; port < first + 200 && port < 65_536; port++) {
    if ((await portProblem(host, port)) === null) return port;
  }
  throw new Error(`No free port between ${first} and ${first + 199} on ${host}.`);
}
