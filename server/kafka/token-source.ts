// Access tokens by the client credentials grant (RFC 6749 section 4.4): one for all connections of a client, fetched again
// before it expires. A token never stands in a message.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ClusterSasl } from '@/lib/contracts/cluster-security';
import { outgoingFetch } from '@/server/outgoing/dial';
import { KafkaError } from './wire/errors';

type OauthSettings = Extract<ClusterSasl, { mechanism: 'OAUTHBEARER' }>;

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024;
/** Of a token's life, after which the next one is fetched. */
const REFRESH_AT = 0.8;
/** Where neither the endpoint nor the token says when it ends. */
const ASSUMED_LIFETIME_MS = 300_000;
const MAX_SOURCES = 500;

const answerSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().optional(),
});
const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() });

type Token = { value: string; refreshAtMs: number; endsAtMs: number };

export class TokenSource {
  readonly #settings: OauthSettings;
  #token: Token | null = null;
  #fetching: Promise<Token> | null = null;
  /** Since when no next token could be had. */
  #failingSinceMs: number | null = null;

  constructor(settings: OauthSettings) {
    this.#settings = settings;
  }

  /** @throws KafkaError saying what the token endpoint answered; retriable when it may answer otherwise later */
  async token(): Promise<string> {
    const now = performance.now();
    if (this.#token && now < this.#token.refreshAtMs) return this.#token.value;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    try {
      this.#token = await this.#fetching;
      this.#failingSinceMs = null;
    } catch (error) {
      this.#failingSinceMs ??= now;
      // The endpoint is asked early: until its end the old token is as good as ever.
      if (!this.#token || performance.now() >= this.#token.endsAtMs) throw error;
    }
    return this.#token.value;
  }

  /** While no next token can be had: for how long, and how long the one in hand still serves (0: not any more). Null: all is well, or there was none. */
  get renewal(): { failingForMs: number; leftMs: number } | null {
    if (this.#failingSinceMs === null || this.#token === null) return null;
    const now = performance.now();
    return { failingForMs: now - this.#failingSinceMs, leftMs: Math.max(0, this.#token.endsAtMs - now) };
  }

  async #fetch(): Promise<Token> {
    const { tokenEndpoint, clientId, clientSecret, scope } = this.#settings;
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
    const startedMs = performance.now();
    const { status, body } = await this.#post(tokenEndpoint, form.toString(), basic(clientId, clientSecret));
    const text = body.toString('utf8');
    if (status !== 200) throw refusal(tokenEndpoint, status, text);
    const parsed = answerSchema.safeParse(jsonOf(text));
    if (!parsed.success || (parsed.data.token_type ?? 'bearer').toLowerCase() !== 'bearer')
      throw new KafkaError(
        `the token endpoint ${tokenEndpoint} answers without a bearer token (access_token); is it an OAuth 2.0 token endpoint?`,
        { retriable: false },
      );
    const { access_token: value, expires_in: seconds } = parsed.data;
    const lifetimeMs = seconds === undefined ? (remainingMs(value) ?? ASSUMED_LIFETIME_MS) : seconds * 1000;
    return { value, refreshAtMs: startedMs + lifetimeMs * REFRESH_AT, endsAtMs: startedMs + lifetimeMs };
  }

  async #post(url: string, body: string, authorization: string) {
    try {
      const { tokenEndpointCa, tokenEndpointCaFile } = this.#settings;
      const ca = tokenEndpointCa ?? (tokenEndpointCaFile && (await readFile(tokenEndpointCaFile, 'utf8')));
      return await outgoingFetch(url, {
        method: 'POST',
        headers: {
          authorization,
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
        timeoutMs: TIMEOUT_MS,
        maxResponseBytes: MAX_ANSWER_BYTES,
        ...(ca ? { ca } : {}),
      });
    } catch (cause) {
      const reason = (cause as Error).message.replace(/\.$/, '');
      throw new KafkaError(`the token endpoint ${url} cannot be asked: ${reason}`, {
        retriable: true,
        cause,
      });
    }
  }
}

const sources = new Map<string, TokenSource>();

/** The one source of these settings in this thread: probes and links don't ask for a token each. */
export function tokenSourceFor(settings: OauthSettings): TokenSource {
  // Secrets don't stay behind as keys of a map.
  const key = createHash('sha256').update(JSON.stringify(settings)).digest('base64');
  const source = sources.get(key) ?? new TokenSource(settings);
  // Last used, last to go.
  sources.delete(key);
  sources.set(key, source);
  for (const oldest of sources.keys()) {
    if (sources.size <= MAX_SOURCES) break;
    sources.delete(oldest);
  }
  return source;
}

/** RFC 6749 section 2.3.1: both form-encoded, so that a colon in the id ends nothing. */
function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ _: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}

function refusal(url: string, status: number, text: string): KafkaError {
  const said = refusalSchema.safeParse(jsonOf(text));
  const reason = said.success
    ? ` ${short(said.data.error)}${said.data.error_description ? ` (${short(said.data.error_description)})` : ''}`
    : '';
  const retriable = status === 408 || status === 429 || status >= 500;
  return new KafkaError(`the token endpoint ${url} answers ${status}${reason}`, { retriable });
}

function short(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function remainingMs(token: string): number | null {
  const endMs = tokenEndMs(token);
  return endMs === null ? null : Math.max(1_000, endMs - Date.now());
}

/** What a JWT says of its own end, in ms since the epoch; null for everything else. */
export function tokenEndMs(token: string): number | null {
  const [, claims = ''] = token.split('.');
  const exp = z
    .object({ exp: z.number() })
    .safeParse(jsonOf(Buffer.from(claims, 'base64url').toString('utf8')));
  return exp.success ? exp.data.exp * 1000 : null;
}
