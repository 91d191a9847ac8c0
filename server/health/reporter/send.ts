// Sends one report over HTTP, through the one way out of this server.
import type { ReportConfig } from '@/server/health-config';
import { outgoingFetch } from '@/server/outgoing/dial';
import type { Send } from './endpoint';

/** For name, connection, request and answer. */
const sendLimitMs = 15_000;
const answerMaxBytes = 65_536;
/** Of an answer that people are shown. */
const quotedCharacters = 300;

export const contentTypes = { json: 'application/json', otlp: 'application/x-protobuf' } as const;

export function sendsOf(config: ReportConfig, nowMs: () => number = Date.now): Send[] {
  const { format, token, ca, client } = config;
  return config.endpoints.map(({ url, proxy }) => async (body) => {
    const answer = await outgoingFetch(url, {
      method: 'POST',
      headers: {
        'content-type': contentTypes[format],
        'content-encoding': 'gzip',
        accept: 'application/json',
        // What our clock says now, whenever the report was made: the other side sees how far apart the clocks are.
        'x-landbridge-sent-at': String(nowMs()),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
      timeoutMs: sendLimitMs,
      maxResponseBytes: answerMaxBytes,
      ...(ca === null ? {} : { ca }),
      ...{ client, proxy },
    });
    const retryAfter = answer.headers['retry-after'];
    return { status: answer.status, retryAfter, said: quoted(answer.body, token) };
  });
}

/** An endpoint that repeats what it was told must not bring the token into a log. */
function quoted(body: Buffer, token: string | null): string {
  const text = body
    .toString('utf8')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  const safe = token === null ? text : text.replaceAll(token, '[secret]');
  return safe.length > quotedCharacters ? `${safe.slice(0, quotedCharacters)}…` : safe;
}
