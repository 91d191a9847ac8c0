/**
 * A console that sends ten times a second, and what costs a hub most: 60,000 series with names that were never seen before, each mirror failed. It
 * heeds no Retry-After.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const rows = 60_000;
/** Of one of five that wait for answers side by side. */
const pauseMs = 500;
const atOnce = 5;
const bodies = 10;

export type Attack = { end(): Promise<Attacked> };
/** Reports by the status of their answers. */
type Attacked = { sent: number; slowestMs: number; answers: Record<string, number> };

export function attack(origin: string, token: string): Attack {
  const id = randomUUID();
  let ended = false;
  const result: Attacked = { sent: 0, slowestMs: 0, answers: {} };
  // Made before, as making them costs the machine as much as taking them.
  const ready = Array.from({ length: bodies }, (_, round) => bodyOf(id, round));
  const send = async () => {
    for (let at = 0; !ended; at++) {
      const began = performance.now();
      const status = await post(origin, token, ready[at % bodies] as Buffer);
      result.sent++;
      result.answers[status] = (result.answers[status] ?? 0) + 1;
      result.slowestMs = Math.max(result.slowestMs, Math.round(performance.now() - began));
      await sleep(pauseMs);
    }
  };
  const sending = Promise.all(Array.from({ length: atOnce }, send));
  return {
    async end() {
      ended = true;
      await sending;
      return result;
    },
  };
}

/** Two members of one gzip: what differs each time is small. */
async function post(origin: string, token: string, rest: Buffer): Promise<number> {
  const head = gzipSync(`{"version":1,"id":"${randomUUID()}","at":${Date.now()},`);
  const answer = await fetch(`${origin}/api/health-reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-encoding': 'gzip' },
    body: new Uint8Array(Buffer.concat([head, rest])),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** So many links with mirrors that failed, under names of this round. */
function bodyOf(id: string, round: number): Buffer {
  const links = Array.from({ length: 999 }, (_, i) => `link-${round}-${i}`);
  const mirrors = Array.from({ length: rows - 2 * links.length }, (_, i) => i);
  const ends = { source: 'west', destination: 'east' };
  const rest = JSON.stringify({
    console: { id, name: 'hostile', version: 'bench', mode: 'reduced' },
    ...{ intervalMs: 60_000, dropped: 0, refused: 0, whole: ['landbridge'] },
    series: [
      {
        metric: 'landbridge_link_state',
        labels: { link: links, ...ends },
        values: links.map(() => 'FAILED'),
      },
      {
        metric: 'landbridge_link_mirrors_failed',
        labels: { link: links, ...ends },
        values: links.map(() => 1),
      },
      {
        metric: 'landbridge_mirror_state',
        labels: {
          link: mirrors.map((i) => links[i % links.length]),
          ...ends,
          topic: mirrors.map((i) => `orders-${round}-${i}`),
        },
        values: mirrors.map(() => 'FAILED'),
      },
    ],
  });
  return gzipSync(rest.slice(1));
}
