// Sends one body over HTTP, through the one way out of this server: a health report, or numbers over OTLP.
import type { ReportConfig } from '@/server/health-config';
import { type OutgoingResponse, outgoingFetch } from '@/server/outgoing/dial';
import type { Send } from './endpoint';
import { readOtlpAnswer } from './otlp-answer';

/** For name, connection, request and answer. */
const sendLimitMs = 15_000;
const answerMaxBytes = 65_536;
/** Of an answer that people are shown. */
const quotedCharacters = 300;

export const contentTypes = { json: 'application/json', otlp: 'application/x-protobuf' } as const;

export type Way = {
  url: string;
  proxy: { url: string } | null;
  /** PEM, trusted instead of the public CAs. */
  ca: string | null;
  /** PEM, with its key. */
  client: { cert: string; key: string } | null;
  headers: () => Record<string, string>;
  /** What the answer says, where it is not just text. */
  read?: (answer: OutgoingResponse) => { text: string; rejected: number };
  /** An endpoint that repeats what it was told must not bring these into a log. */
  secrets: readonly string[];
};

export const sendBy =
  ({ url, proxy, ca, client, headers, read = readText, secrets }: Way): Send =>
  async (body) => {
    const answer = await outgoingFetch(url, {
      method: 'POST',
      headers: { ...headers(), 'content-encoding': 'gzip' },
      body,
      timeoutMs: sendLimitMs,
      maxResponseBytes: answerMaxBytes,
      statusDecides: true,
      ...(ca === null ? {} : { ca }),
      ...{ client, proxy },
    });
    const { text, rejected } = read(answer);
    const retryAfter = answer.headers['retry-after'];
    const said = quoted(text, [...secrets, ...keysIn(url)]);
    return { status: answer.status, retryAfter, said, rejected };
  };

/** What is shorter is a version or a name, and stands in other words, too. */
const keyCharacters = 6;

/** The query of an address may hold a key; an endpoint quotes it as it came, or decoded. */
function keysIn(url: string): string[] {
  const { search, searchParams } = new URL(url);
  const raw = search
    .slice(1)
    .split('&')
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [...raw, ...searchParams.values()].filter(({ length }) => length >= keyCharacters);
}

const readText = ({ body }: OutgoingResponse) => ({ text: body.toString('utf8'), rejected: 0 });

export function sendsOf(config: ReportConfig, nowMs: () => number = Date.now): Send[] {
  const { format, token, ca, client } = config;
  const headers = () => ({
    'content-type': contentTypes[format],
    accept: format === 'otlp' ? `${contentTypes.otlp}, ${contentTypes.json}` : contentTypes.json,
    // What our clock says now, whenever the report was made: the other side sees how far apart the clocks are.
    'x-landbridge-sent-at': String(nowMs()),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  });
  const secrets = token === null ? [] : [token];
  const read = format === 'otlp' ? readOtlpAnswer : readText;
  return config.endpoints.map((endpoint) =>
    sendBy({ ...endpoint, ...{ ca, client, headers, read, secrets } }),
  );
}

/** One line of it, without secrets. */
function quoted(text: string, secrets: readonly string[]): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  const safe = secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), line);
  return safe.length > quotedCharacters ? `${safe.slice(0, quotedCharacters)}…` : safe;
}
