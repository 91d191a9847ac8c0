import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type IssuedCertificate, TestCa } from '@/harness/certificates';
import { type Channel, channel as channelSchema } from '@/lib/contracts/monitoring/channels';
import { rememberSecrets } from '@/server/access/scrub';
import { setOutgoingPolicy } from '@/server/outgoing/dial';
import type { Notice } from './notice';
import { send } from './send';

type Mail = { from: string; to: string[]; text: string; user: string | undefined; secure: boolean };
const mails: Mail[] = [];
const open: SMTPServer[] = [];
let ca: TestCa;
let certificate: IssuedCertificate;
beforeAll(async () => {
  ca = await TestCa.create();
  certificate = await ca.issueServer({ name: 'mail', hosts: ['127.0.0.1', 'localhost'] });
});
afterEach(async () => {
  mails.splice(0);
  setOutgoingPolicy({ allow: null });
  rememberSecrets('test channels', []);
  for (const server of open.splice(0)) await new Promise<void>((closed) => server.close(() => closed()));
});

/** A mail server that takes everything for "example.com" and knows one user. */
async function mailServer(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'landbridge' && password === 'mail password'
        ? done(null, { user: username })
        : done(new Error('Invalid username or password')),
    onRcptTo: ({ address }, _session, done) =>
      address.endsWith('@example.com')
        ? done()
        : done(Object.assign(new Error('No such user here'), { responseCode: 550 })),
    onData: (stream, { envelope, user, secure }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({
          from,
          to,
          text: Buffer.concat(chunks).toString(),
          user: user as string | undefined,
          secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.server.address() as AddressInfo).port;
}

const mail = (port: number, more: object = {}): Channel =>
  channelSchema.parse({
    ...{ id: 'm', name: 'm', kind: 'email', host: '127.0.0.1', port, security: 'starttls' },
    ...{
      user: 'landbridge',
      password: 'mail password',
      from: 'landbridge@example.com',
      to: ['ops@example.com', 'ada@example.com'],
      ca: ca.pem,
    },
    ...more,
  });
const notice: Notice = {
  ...{ id: 'a1', rule: 'broker.disk', area: 'brokers', kind: 'RAISED', severity: 'CRITICAL' },
  title: 'Disk of a broker fills up',
  message: '/data on broker 3 of cluster west is 95 % full; 90 % is the limit.',
  labels: { cluster: 'west', broker: '3', dir: '/data' },
  affected: { count: 0, items: [] },
  measured: '95 %, limit 90 %',
  ...{ createdAtMs: 1_800_000_000_000, atMs: 1_800_000_000_000, acknowledgedBy: null },
  steps: ['Look which topics grew.', 'Move partitions away.'],
  link: 'https://landbridge.example.com/health/alerts/a1',
};
const now = 1_800_000_001_500;

describe('e-mail', () => {
  it('arrives over STARTTLS with sign-in, at everybody, with the first steps', async () => {
    const port = await mailServer({});
    const sent = await send(mail(port), notice, '7', now);
    expect(sent).toMatchObject({ ok: true, said: expect.stringMatching(/^250 /) });
    expect(mails).toMatchObject([
      {
        from: 'landbridge@example.com',
        to: ['ops@example.com', 'ada@example.com'],
        user: 'landbridge',
        secure: true,
      },
    ]);
    const text = mails[0]?.text ?? '';
    expect(text).toContain('Subject: CRITICAL: Disk of a broker fills up (west, 3, /data)');
    expect(text).toContain('From: Landbridge <landbridge@example.com>');
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toContain('Value: 95 %, limit 90 %');
    expect(text).toContain('1. Look which topics grew.');
    expect(text).toContain(notice.link);
  });

  it('arrives over TLS from the start', async () => {
    const port = await mailServer({ secure: true });
    expect(await send(mail(port, { security: 'tls' }), notice, '7', now)).toMatchObject({ ok: true });
    expect(mails).toMatchObject([{ user: 'landbridge', secure: true }]);
  });

  it('of a CLEAR stands in the conversation of its RAISED', async () => {
    const port = await mailServer({});
    await send(mail(port), notice, '7', now);
    await send(mail(port), { ...notice, kind: 'CLEAR', atMs: notice.atMs + 60_000 }, '8', now);
    expect(mails[0]?.text).toContain('Message-ID: <a1@example.com>');
    expect(mails[1]?.text).toContain('In-Reply-To: <a1@example.com>');
    expect(mails[1]?.text).toContain('Subject: CLEARED: Disk of a broker fills up');
  });

  it('is not sent to a server without TLS where TLS is asked for', async () => {
    const port = await mailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect(await send(mail(port), notice, '7', now)).toMatchObject({ ok: false, refused: false });
    expect(mails).toEqual([]);
    const plain = mail(port, { security: 'none', user: null, password: null });
    expect(await send(plain, notice, '7', now)).toMatchObject({ ok: true });
    expect(mails).toMatchObject([{ secure: false }]);
  });

  it('with a password but without TLS is no channel', () => {
    expect(() => mail(25, { security: 'none' })).toThrow(/only sent over TLS/);
  });

  it('trusts no other CA', async () => {
    const stranger = await TestCa.create('stranger');
    const port = await mailServer({});
    const secured = await mailServer({ secure: true });
    expect(await send(mail(port, { ca: stranger.pem }), notice, '7', now)).toMatchObject({ ok: false });
    const sent = await send(mail(secured, { ca: stranger.pem, security: 'tls' }), notice, '7', now);
    expect(sent).toMatchObject({ ok: false, said: expect.stringContaining('No TLS') });
    expect(mails).toEqual([]);
  });

  it('is not sent to a server that shows the certificate of another name', async () => {
    const other = await ca.issueServer({ name: 'other', hosts: ['other.example.com', 'localhost'] });
    const port = await mailServer(other);
    expect(await send(mail(port), notice, '7', now)).toMatchObject({ ok: false });
    const named = mail(await mailServer({ ...other, secure: true }), { security: 'tls' });
    expect(await send(named, notice, '7', now)).toMatchObject({ ok: false });
    expect(mails).toEqual([]);
  });

  it('says what the server says, without the password', async () => {
    rememberSecrets('test channels', ['wrong password']);
    const port = await mailServer({});
    const sent = await send(mail(port, { password: 'wrong password' }), notice, '7', now);
    expect(sent).toMatchObject({ ok: false, refused: false, said: expect.stringContaining('Invalid') });
    expect(sent.said).not.toContain('wrong password');
  });

  it('that nobody there wants is refused', async () => {
    const port = await mailServer({});
    const sent = await send(mail(port, { to: ['nobody@elsewhere.org'] }), notice, '7', now);
    expect(sent).toMatchObject({
      ok: false,
      refused: true,
      said: expect.stringContaining('No such user here'),
    });
  });

  it('goes only where outgoing calls may go', async () => {
    const port = await mailServer({});
    setOutgoingPolicy({ allow: ['mail.example.com'] });
    expect(await send(mail(port), notice, '7', now)).toMatchObject({
      ok: false,
      said: expect.stringContaining('outgoing.allow'),
    });
    setOutgoingPolicy({ allow: null });
    const metadata = await send(mail(25, { host: '169.254.169.254' }), notice, '7', now);
    expect(metadata).toMatchObject({ ok: false, said: expect.stringContaining('is not called') });
  });

  it('cannot be given addresses or names that make headers of their own', async () => {
    expect(() => mail(25, { to: ['ops@example.com\r\nBcc: eve@example.com'] })).toThrow();
    const port = await mailServer({});
    await send(mail(port), { ...notice, labels: { group: 'a\r\nBcc: eve@example.com' } }, '7', now);
    const [head = ''] = (mails[0]?.text ?? '').split('\r\n\r\n');
    expect(head).not.toMatch(/^Bcc:/m);
  });
});
