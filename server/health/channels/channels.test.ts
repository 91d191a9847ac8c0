import { createHmac } from 'node:crypto';
import { createServer as createHttp, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type IssuedCertificate, TestCa } from '@/harness/certificates';
import {
  type Channel,
  channel as channelSchema,
  channelSecrets,
  webhookMessage,
} from '@/lib/contracts/monitoring/channels';
import { rememberSecrets } from '@/server/access/scrub';
import { setOutgoingPolicy } from '@/server/outgoing/dial';
import { slackBody, teamsBody } from './chat';
import type { Notice } from './notice';
import { send } from './send';
import { deliveryHeader, signatureHeader, timestampHeader } from './webhook';

type Seen = { headers: IncomingMessage['headers']; body: string };
const open: Server[] = [];
const seen: Seen[] = [];
let ca: TestCa;
let certificate: IssuedCertificate;
beforeAll(async () => {
  ca = await TestCa.create();
  certificate = await ca.issueServer({ name: 'receiver', hosts: ['127.0.0.1'] });
});
afterEach(async () => {
  seen.splice(0);
  setOutgoingPolicy({ allow: null });
  rememberSecrets('test channels', []);
  for (const server of open.splice(0)) await new Promise((closed) => server.close(closed));
});

/** A receiver that keeps what it gets and answers the same to all. */
async function receiver(
  status: number,
  text: string,
  secured = false,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status, headers).end(text);
  };
  const server: Server = secured ? createHttps(certificate, answer) : createHttp(answer);
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `${secured ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const notice: Notice = {
  ...{ id: 'a1', rule: 'broker.disk', area: 'brokers', kind: 'RAISED', severity: 'CRITICAL' },
  title: 'Disk of a broker fills up',
  message: '/data on broker 3 of cluster <west> is 95 % full; 90 % is the limit.',
  labels: { cluster: '<west>', broker: '3', dir: '/data' },
  affected: { count: 12, items: ['a_b', 'c'] },
  measured: '95 %, limit 90 %',
  ...{ createdAtMs: 1_800_000_000_000, atMs: 1_800_000_000_000, acknowledgedBy: null },
  steps: ['Look which topics grew.', 'Move partitions away.'],
  link: 'https://landbridge.example.com/health/alerts/a1',
};
const over: Notice = { ...notice, kind: 'CLEAR', atMs: notice.createdAtMs + 600_000 };
const now = 1_800_000_001_500;
const made = (one: object): Channel => channelSchema.parse({ id: 'c', name: 'c', ...one });

describe('every channel over HTTP', () => {
  it('has taken a message by the status alone, however much comes behind it', async () => {
    const url = await receiver(200, 'x'.repeat(1_000_000));
    expect(await send(made({ kind: 'webhook', url, secret: null }), notice, '1', now)).toMatchObject({
      ok: true,
    });
  });
});

describe('what an endpoint repeats of its address', () => {
  it.each(['webhook', 'slack', 'teams'])('is not quoted: %s', async (kind) => {
    const key = 'SECRET-of-1234';
    const server = createHttp((request, response) => {
      response.writeHead(404).end(`Cannot POST ${request.url}`);
    });
    open.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T000/${key}`;
    const channel = made({ kind, url, ...(kind === 'webhook' ? { secret: null } : {}) });
    rememberSecrets('test channels', channelSecrets(channel));
    const { said } = await send(channel, notice, '1', now);
    expect(said).toContain('HTTP 404');
    expect(said).not.toContain(key);
  });
});

describe('a webhook', () => {
  const hook = (url: string, more: object = {}) =>
    made({ kind: 'webhook', url, secret: 'a long enough secret', ...more });

  it('gets the message of the contract, signed over time stamp and body', async () => {
    const channel = hook(await receiver(204, ''), { headers: { Authorization: 'Bearer abc' } });
    expect(await send(channel, notice, '77', now)).toEqual({ ok: true, said: 'HTTP 204', refused: false });
    const [{ headers, body } = { headers: {}, body: '' }] = seen;
    expect(JSON.parse(body)).toEqual({
      id: 'a1',
      rule_id: 'broker.disk',
      severity: 'CRITICAL',
      status: 'RAISED',
      title: 'Disk of a broker fills up',
      message: notice.message,
      created_at: 1_800_000_000_000,
    });
    expect(webhookMessage.safeParse(JSON.parse(body)).success).toBe(true);
    expect(headers).toMatchObject({
      authorization: 'Bearer abc',
      'content-type': 'application/json; charset=utf-8',
      [timestampHeader]: '1800000001',
      [deliveryHeader]: '77',
    });
    const expected = createHmac('sha256', 'a long enough secret').update(`1800000001.${body}`).digest('hex');
    expect(headers[signatureHeader]).toBe(`v1=${expected}`);
  });

  it('gets a CLEAR with the id of its RAISED', async () => {
    await send(hook(await receiver(200, 'ok')), over, '78', now);
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      id: 'a1',
      status: 'CLEAR',
      created_at: 1_800_000_600_000,
    });
  });

  it('is told whose an alert of a hub is, as its body has no labels', async () => {
    const message = 'The console has not reported for 3 intervals of its reports.';
    await send(
      hook(await receiver(200, 'ok')),
      { ...notice, message, labels: { console: 'plant-7' } },
      '79',
      now,
    );
    expect(JSON.parse(seen[0]?.body ?? '').message).toBe(`Console plant-7: ${message}`);
  });

  it('without a secret is not signed', async () => {
    await send(hook(await receiver(200, 'ok'), { secret: null }), notice, '1', now);
    expect(seen[0]?.headers[signatureHeader]).toBeUndefined();
  });

  it('over https is checked against its own CA only', async () => {
    const url = await receiver(200, 'ok', true);
    expect(await send(hook(url, { ca: ca.pem }), notice, '1', now)).toMatchObject({ ok: true });
    expect(await send(hook(url), notice, '1', now)).toMatchObject({
      ok: false,
      said: expect.stringContaining('No TLS'),
    });
  });

  it('that repeats a key without what stands around it is quoted without the key, and with all other words', async () => {
    const words = 'stage production: no token-4711 at Zm9vYmFyYmF6cXV4, session cookie-0815';
    const url = `${await receiver(500, words)}?env=production&token=token-4711`;
    const headers = {
      Authorization: 'Bearer Zm9vYmFyYmF6cXV4',
      'X-Session': 'cookie-0815',
      'X-Stage': 'production',
    };
    const channel = hook(url, { headers });
    rememberSecrets('test channels', channelSecrets(channel));
    const { said } = await send(channel, notice, '1', now);
    expect(said).toBe('HTTP 500: stage production: no [secret] at [secret], session [secret]');
  });

  it('that answers no is quoted exactly, in one line, cut short, and without its secrets', async () => {
    rememberSecrets('test channels', ['a long enough secret']);
    const channel = hook(await receiver(500, `no\nbecause of "a long enough secret" ${'x'.repeat(600)}`));
    const { ok, said, refused } = await send(channel, notice, '1', now);
    expect({ ok, refused }).toEqual({ ok: false, refused: false });
    expect(said).toMatch(/^HTTP 500: no\\nbecause of "\[secret\]" x+ …$/);
  });

  it('is told apart: what will never be taken, what may be later, and redirects, which are not followed', async () => {
    const other = await receiver(200, 'elsewhere');
    expect(await send(hook(await receiver(422, 'what?')), notice, '1', now)).toMatchObject({
      ok: false,
      refused: true,
    });
    for (const status of [401, 404, 429, 503])
      expect(await send(hook(await receiver(status, '')), notice, '1', now)).toMatchObject({
        ok: false,
        refused: false,
      });
    seen.splice(0);
    const redirect = await send(hook(await receiver(302, '', false, { location: other })), notice, '1', now);
    expect(redirect).toMatchObject({
      ok: false,
      said: expect.stringContaining('a redirect, which is not followed'),
    });
    expect(seen).toHaveLength(1);
  });

  it('is only called where outgoing calls may go', async () => {
    const metadata = await send(hook('http://169.254.169.254/latest'), notice, '1', now);
    expect(metadata).toMatchObject({ ok: false, said: expect.stringContaining('is not called') });
    const plain = await send(hook('http://10.1.2.3/hook'), notice, '1', now);
    expect(plain).toMatchObject({ ok: false, said: expect.stringContaining('without TLS') });
    const url = await receiver(200, 'ok');
    setOutgoingPolicy({ allow: ['hooks.example.com'] });
    expect(await send(hook(url), notice, '1', now)).toMatchObject({
      ok: false,
      said: expect.stringContaining('outgoing.allow'),
    });
    expect(seen).toEqual([]);
  });

  it('that nobody listens at says so', async () => {
    const url = await receiver(200, 'ok');
    for (const server of open.splice(0)) await new Promise((closed) => server.close(closed));
    expect(await send(hook(url), notice, '1', now)).toMatchObject({
      ok: false,
      said: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('cannot be given a header that is ours', () => {
    const wrong = { id: 'c', name: 'c', kind: 'webhook', url: 'https://a.example.com/', secret: null };
    expect(channelSchema.safeParse({ ...wrong, headers: { 'X-Landbridge-Signature': 'v1=0' } }).success).toBe(
      false,
    );
    expect(channelSchema.safeParse({ ...wrong, headers: { 'X-A': 'b\r\nX-C: d' } }).success).toBe(false);
    expect(channelSchema.safeParse({ ...wrong, headers: { Authorization: 'Bearer abc' } }).success).toBe(
      true,
    );
  });
});

describe('Slack', () => {
  it('gets blocks with the headline, facts and the first step, names escaped', async () => {
    const channel = made({ kind: 'slack', url: await receiver(200, 'ok') });
    expect(await send(channel, notice, '1', now)).toMatchObject({ ok: true, said: 'HTTP 200: ok' });
    const body = JSON.parse(seen[0]?.body ?? '');
    expect(body.text).toContain('CRITICAL: Disk of a broker fills up (&lt;west&gt;, 3, /data)');
    expect(body.blocks[0].text.text).toContain('|Open in Landbridge>');
    expect(body.blocks[1].fields.map((field: { text: string }) => field.text)).toEqual(
      expect.arrayContaining(['Cluster: &lt;west&gt;', 'Value: 95 %, limit 90 %']),
    );
    expect(JSON.stringify(body)).not.toContain('<west>');
    expect(body.blocks[2].elements[0].text).toBe('First: Look which topics grew.');
  });

  it('gets no section that it would refuse as too long', () => {
    const long = {
      ...notice,
      message: 'm'.repeat(9_000),
      labels: { topic: 't'.repeat(249), group: 'g'.repeat(5_000) },
    };
    const { blocks } = JSON.parse(slackBody(long));
    expect(blocks[0].text.text.length).toBeLessThan(3_000);
    for (const { text } of blocks[1].fields) expect(text.length).toBeLessThan(2_000);
    expect(blocks[0].text.text).toContain('|Open in Landbridge>');
  });

  it('is told how long it took when it is over', () => {
    const body = JSON.parse(slackBody(over));
    expect(body.text).toContain('CLEARED: Disk of a broker fills up');
    expect(body.text).toContain('Over after 10 min.');
    expect(body.blocks).toHaveLength(2);
    expect(JSON.stringify(body.blocks[1])).not.toContain('Value:');
  });
});

describe('Teams', () => {
  it('gets an adaptive card, Markdown of names escaped', async () => {
    const channel = made({ kind: 'teams', url: await receiver(202, '') });
    expect(await send(channel, { ...notice, labels: { cluster: 'a*b_c' } }, '1', now)).toMatchObject({
      ok: true,
    });
    const { type, attachments } = JSON.parse(seen[0]?.body ?? '');
    expect(type).toBe('message');
    const { contentType, content } = attachments[0];
    expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(content).toMatchObject({ type: 'AdaptiveCard', version: '1.4' });
    expect(content.body[0]).toMatchObject({
      color: 'attention',
      text: 'CRITICAL: Disk of a broker fills up (a\\*b\\_c)',
    });
    expect(content.body[2].facts).toContainEqual({ title: 'Value', value: '95 %, limit 90 %' });
    expect(content.actions[0].url).toBe(notice.link);
    expect(JSON.parse(teamsBody(over)).attachments[0].content.body[0].color).toBe('good');
  });
});

describe('PagerDuty', () => {
  const pager = (url: string) => made({ kind: 'pagerduty', routingKey: 'r'.repeat(32), url });

  it('gets one incident for an alert: trigger, acknowledge and resolve with its id', async () => {
    const channel = pager(await receiver(202, '{"status":"success"}'));
    for (const kind of ['RAISED', 'AGAIN', 'ACKNOWLEDGED', 'CLEAR'] as const)
      await send(channel, { ...notice, kind }, '1', now);
    const events = seen.map(({ body }) => JSON.parse(body));
    expect(events.map((event) => [event.event_action, event.dedup_key])).toEqual([
      ['trigger', 'a1'],
      ['trigger', 'a1'],
      ['acknowledge', 'a1'],
      ['resolve', 'a1'],
    ]);
    expect(events[0]).toMatchObject({
      routing_key: 'r'.repeat(32),
      payload: {
        severity: 'critical',
        source: '<west>',
        class: 'broker.disk',
        component: '3',
        timestamp: '2027-01-15T08:00:00.000Z',
      },
      links: [{ href: notice.link }],
    });
    expect(events[0].payload.summary.length).toBeLessThanOrEqual(1024);
    expect(events[2].payload).toBeUndefined();
  });
});
