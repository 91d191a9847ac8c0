// Who is told of alerts in browser tests: a webhook that checks signatures as docs/alerts.md shows it, and a mail server with STARTTLS and sign-in.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { TestCa } from '@/harness/certificates';
import { type WebhookMessage, webhookMessage } from '@/lib/contracts/monitoring/channels';

export type Received = {
  path: string;
  /** Of the message; the same at each attempt. */
  delivery: string;
  signed: boolean;
  message: WebhookMessage;
  /** What it was answered. */
  status: number;
};

export type WebhookReceiver = {
  url: string;
  all: Received[];
  /** What was taken, each message once. */
  taken(): Received[];
  close(): Promise<void>;
};

/** @param answer status for a post, from what came before it; a body that tells the address that was called goes with it */
export async function webhookReceiver(
  secret: string,
  answer: (received: Omit<Received, 'status'>, before: readonly Received[]) => number,
): Promise<WebhookReceiver> {
  const all: Received[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const header = (name: string) => String(incoming.headers[name] ?? '');
      const received = {
        path: incoming.url ?? '',
        delivery: header('x-landbridge-delivery'),
        signed: isSigned(
          secret,
          header('x-landbridge-timestamp'),
          header('x-landbridge-signature'),
          body.toString(),
        ),
        message: webhookMessage.parse(JSON.parse(body.toString())),
      };
      const status = answer(received, all);
      all.push({ ...received, status });
      outgoing.writeHead(status).end(`${status} for ${incoming.url}`);
    });
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    all,
    taken: () => {
      const byDelivery = new Map<string, Received>();
      for (const one of all) if (one.status < 300) byDelivery.set(one.delivery, one);
      return [...byDelivery.values()];
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

function isSigned(secret: string, timestamp: string, signature: string, body: string): boolean {
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const expected = `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
  return (
    signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  );
}

export type Mail = { to: string[]; user: string; encrypted: boolean; text: string };
export type MailReceiver = { port: number; caPem: string; mails: Mail[]; close(): Promise<void> };

/** Takes mail of whoever signs in as `landbridge` with this password, over TLS. */
export async function mailReceiver(password: string): Promise<MailReceiver> {
  const ca = await TestCa.create();
  const mails: Mail[] = [];
  const server = new SMTPServer({
    ...(await ca.issueServer({ name: 'mail', hosts: ['127.0.0.1'] })),
    onAuth: (given, _session, done) =>
      given.username === 'landbridge' && given.password === password
        ? done(null, { user: given.username })
        : done(new Error('Invalid username or password')),
    onData: (stream, { envelope, user, secure }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, user: String(user), encrypted: secure, text: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  // A client that goes away, as one that is killed does, is no fault of the test.
  server.on('error', () => undefined);
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return {
    port: (server.server.address() as AddressInfo).port,
    caPem: ca.pem,
    mails,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
