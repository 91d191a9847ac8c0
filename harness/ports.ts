// Free loopback ports for brokers. They lie below the systems' ephemeral ranges, so that a broker that is down
// for a while does not lose its port to some outgoing connection.
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOWEST_PORT = 20_000;
const LANE_PORTS = 3_000;
/** Test files that run at the same time keep apart: a broker that is down must find its port free when it comes back. */
const lane = Number(process.env.VITEST_POOL_ID ?? process.env.TEST_PARALLEL_INDEX ?? 0) % 4;
const lowest = LOWEST_PORT + lane * LANE_PORTS;
const ATTEMPTS = 200;

const taken = new Set<number>();

/** A port that something else will listen on, though not yet. */
export function keepFree(port: number): void {
  taken.add(port);
}

export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && ports.length < count; attempt++) {
    const port = randomInt(lowest, lowest + LANE_PORTS);
    if (taken.has(port) || !(await isPortFree(port))) continue;
    taken.add(port);
    ports.push(port);
  }
  if (ports.length < count)
    throw new Error(
      `No ${count} free ports on 127.0.0.1 between ${lowest} and ${lowest + LANE_PORTS} after ${ATTEMPTS} attempts.`,
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
