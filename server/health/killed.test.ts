// Alerts of a process that is killed again and again while it raises, tells and clears, with a webhook that fails, hangs, or takes a message and does not
// say so. About 10 s.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type WebhookMessage, webhookMessage } from '@/lib/contracts/monitoring/channels';

const program = fileURLToPath(new URL('./testing/tell-until-killed.ts', import.meta.url));
type Post = WebhookMessage & { delivery: string; answered: boolean };

const posts: Post[] = [];
let folder: string;
let server: Server;
/** Called with how many messages came in this life. @returns status; null: taken, and the connection is cut */
let answer: (post: number) => number | null;
let inThisLife = 0;

beforeEach(async () => {
  posts.splice(0);
  folder = mkdtempSync(join(tmpdir(), 'landbridge-killed-'));
  server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const message = webhookMessage.parse(JSON.parse(Buffer.concat(chunks).toString()));
  const status = answer(++inThisLife);
  const delivery = String(request.headers['x-landbridge-delivery']);
  posts.push({ ...message, delivery, answered: status !== null && status < 300 });
  if (status === null) request.socket.destroy();
  else response.writeHead(status).end('because');
}

/** @returns what it said at its end */
async function live(sinceMs: number, killAfter: number | null): Promise<string> {
  inThisLife = 0;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const end = killAfter === null ? ['ends'] : [];
  const args = ['--import', 'tsx', program, join(folder, 'alerts.db'), url, String(sinceMs), ...end];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const [said, complaint]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => said?.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaint?.push(chunk));
  const answers = answer;
  answer = (post) => {
    // Before it hears of it, and before it can write anything down.
    if (post === killAfter) child.kill('SIGKILL');
    return answers(post);
  };
  await once(child, 'close');
  answer = answers;
  expect(Buffer.concat(complaint ?? []).toString()).toBe('');
  expect(child.signalCode).toBe(killAfter === null ? null : 'SIGKILL');
  return Buffer.concat(said ?? []).toString();
}

it('whatever is killed when, each RAISED that arrives is followed by its CLEAR, and by no RAISED after that', async () => {
  const sinceMs = Date.now();
  const lives: [killAfter: number, answer: (post: number) => number | null][] = [
    [1, () => 204],
    [4, () => 204],
    [5, (post) => (post % 2 === 0 ? null : 204)],
    [5, () => 500],
    [7, (post) => [204, 500, null][post % 3] ?? 204],
    [2, () => null],
  ];
  for (const [killAfter, answers] of lives) {
    answer = answers;
    await live(sinceMs, killAfter);
  }
  answer = () => 204;
  const { open, counts } = JSON.parse(await live(sinceMs, null));
  expect({ open, counts }).toMatchObject({ open: 0, counts: { WAITING: 0, DEAD: 0, CANCELLED: 0 } });

  const alerts = new Map<string, Post[]>();
  for (const post of posts) alerts.set(post.id, [...(alerts.get(post.id) ?? []), post]);
  expect(alerts.size).toBeGreaterThan(3);
  for (const attempts of alerts.values()) {
    // As a receiver sees it that goes by the name of the message.
    const seen = new Map(attempts.map((post) => [post.delivery, post]));
    expect([...seen.values()].map(({ status }) => status)).toEqual(['RAISED', 'CLEAR']);
    const order = attempts.map(({ status }) => status);
    expect(order.lastIndexOf('RAISED')).toBeLessThan(order.indexOf('CLEAR'));
    expect(attempts.filter(({ answered }) => answered).length).toBeGreaterThanOrEqual(2);
  }
  const delivered = new Set(posts.map(({ delivery }) => delivery));
  expect(counts.DELIVERED).toBe(delivered.size);
}, 180_000);
