// Free loopback ports for brokers. They lie below the systems' ephemeral ranges, so that a broker that is down
// for a while does not lose its port to some outgoing connection.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const ATTEMPTS = 200;

const taken = new Set<number>();

export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && ports.length < count; attempt++) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (taken.has(port) || !(await isPortFree(port))) continue;
    taken.add(port);
    ports.push(port);
  }
  if (ports.length < count)
    throw new Error(
      `No ${count} free ports on 127.0.0.1 between ${LOWEST_PORT} and ${HIGHEST_PORT} after ${ATTEMPTS} attempts.`,
    );
  return ports;
}

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
