// E-mail by nodemailer over a connection that the outgoing dialler has opened, so that mail servers obey the same policy as everything outgoing.
import { isIP, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { z } from 'zod';
import type { emailChannel } from '@/lib/contracts/monitoring/channels';
import { scrub } from '@/server/access/scrub';
import { inOneLine } from '@/server/log';
import { outgoingConnect } from '@/server/outgoing/dial';
import { OutgoingError } from '@/server/outgoing/errors';
import { sendTimeoutMs } from '../intervals';
import { facts } from './chat';
import { bodyText, headline, isOver, type Notice } from './notice';
import type { Sent } from './post';

type EmailChannel = z.infer<typeof emailChannel>;

export async function sendEmail(channel: EmailChannel, notice: Notice, delivery: string): Promise<Sent> {
  try {
    const socket = await connected(channel);
    try {
      const info = await transport(channel, socket).sendMail({
        from: { name: 'Landbridge', address: channel.from },
        to: channel.to,
        subject: inOneLine(headline(notice)),
        text: mailText(notice),
        ...threadOf(notice, delivery, channel.from),
        headers: { 'X-Landbridge-Alert': notice.id, 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { ok: true, said: scrub(inOneLine(info.response)), refused: false };
    } finally {
      socket.destroy();
    }
  } catch (error) {
    return failure(error);
  }
}

/** Mail programs show one alert as one conversation. */
function threadOf({ id, kind }: Notice, delivery: string, from: string) {
  const first = `<${id}@${from.split('@')[1]}>`;
  if (kind === 'RAISED') return { messageId: first };
  return { messageId: `<${id}.${delivery}@${from.split('@')[1]}>`, inReplyTo: first, references: first };
}

const connected = ({ host, port, security, ca }: EmailChannel): Promise<Socket> =>
  outgoingConnect({
    host,
    port,
    tls: security === 'tls' ? (ca === null ? {} : { ca }) : null,
    timeoutMs: sendTimeoutMs,
  });

function transport(channel: EmailChannel, socket: Socket) {
  const { host, port, security, user, password, ca } = channel;
  return createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user !== null && password !== null ? { auth: { user, pass: password } } : {}),
    // An address has no server name (RFC 6066); it is checked against the certificate all the same.
    tls: {
      ...(isIP(host) ? {} : { servername: host }),
      minVersion: 'TLSv1.2',
      ...(ca === null ? {} : { ca }),
    },
    getSocket: (_options: unknown, callback: (error: Error | null, options?: object) => void) =>
      callback(null, { connection: socket, secured: security === 'tls' }),
    connectionTimeout: sendTimeoutMs,
    greetingTimeout: sendTimeoutMs,
    socketTimeout: sendTimeoutMs,
  });
}

function mailText(notice: Notice): string {
  const lines = facts(notice).map(([name, value]) => `${name}: ${value}`);
  const steps = isOver(notice)
    ? []
    : ['', 'First steps', ...notice.steps.map((step, i) => `${i + 1}. ${step}`)];
  const link = notice.link === null ? [] : ['', notice.link];
  return [bodyText(notice), '', ...lines, ...steps, ...link, ''].join('\n');
}

/** Of an SMTP server, a 5xx to the message itself is final; sign-in and connections may be mended. */
function failure(error: unknown): Sent {
  if (error instanceof OutgoingError) return { ok: false, said: scrub(error.message), refused: false };
  if (!(error instanceof Error)) throw error;
  const { code, responseCode } = error as Error & { code?: string; responseCode?: number };
  const refused = (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode ?? 0) >= 500;
  return { ok: false, said: scrub(inOneLine(error.message)), refused };
}
