// Where alerts are sent and which of them. Secrets travel in clear from the web thread to the data thread, as passwords of clusters do;
// `channelView` is what anybody is shown.
import { z } from 'zod';
import { severity } from './rules';
import { alertMatchers } from './silences';

const id = z.string().min(1).max(64);
const name = z.string().trim().min(1, 'The name cannot be empty.').max(64);
const httpUrl = z.url({ protocol: /^https?$/, error: 'Write an https address.' }).max(2_048);
const secret = z.string().min(1).max(4_096);
const pem = z.string().max(100_000).nullable().default(null);
const mailAddress = z
  .string()
  .regex(/^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/, 'Write an address such as ops@example.com.');
const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'A header has letters, digits and "-".');
/** What the connection itself sets, and what the signature is in. */
const ownHeaders = /^(host|connection|content-length|content-type|transfer-encoding|x-landbridge-.*)$/i;

const common = { id, name, enabled: z.boolean().default(true) };

export const webhookChannel = z.strictObject({
  ...common,
  kind: z.literal('webhook'),
  url: httpUrl,
  /** Signs what is sent; null: it is not signed. */
  secret: z.string().min(16, 'Use at least 16 characters.').max(4_096).nullable(),
  /** Such as Authorization; their values are secrets. */
  headers: z
    .record(
      headerName,
      z
        .string()
        .max(4_096)
        .regex(/^[\t\x20-\x7e]*$/, 'A header is plain text.'),
    )
    .refine(
      (all) => !Object.keys(all).some((one) => ownHeaders.test(one)),
      'That header is set by Landbridge.',
    )
    .default({}),
  /** PEM, trusted instead of the public CAs. */
  ca: pem,
});
export const slackChannel = z.strictObject({ ...common, kind: z.literal('slack'), url: httpUrl, ca: pem });
export const teamsChannel = z.strictObject({ ...common, kind: z.literal('teams'), url: httpUrl, ca: pem });
export const emailChannel = z
  .strictObject({
    ...common,
    kind: z.literal('email'),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
    /** STARTTLS is required where it is chosen: a server without it is refused. */
    security: z.enum(['tls', 'starttls', 'none']),
    user: z.string().max(255).nullable(),
    password: secret.nullable(),
    from: mailAddress,
    to: z.array(mailAddress).min(1, 'Give at least one address.').max(50),
    ca: pem,
  })
  .refine(({ security, password }) => security !== 'none' || password === null, {
    path: ['security'],
    message: 'A password is only sent over TLS: choose tls or starttls.',
  });
export const pagerDutyChannel = z.strictObject({
  ...common,
  kind: z.literal('pagerduty'),
  routingKey: secret,
  /** Events API v2; another region has another address. */
  url: httpUrl.default('https://events.pagerduty.com/v2/enqueue'),
  ca: pem,
});
export const channel = z.discriminatedUnion('kind', [
  webhookChannel,
  slackChannel,
  teamsChannel,
  emailChannel,
  pagerDutyChannel,
]);
export type Channel = z.infer<typeof channel>;
export type ChannelKind = Channel['kind'];

/** Texts of a channel that nobody is shown, wherever they turn up: what stands behind the host of an address is a key. */
export function channelSecrets(one: Channel): string[] {
  switch (one.kind) {
    case 'webhook': {
      const { search } = new URL(one.url);
      const secrets = [one.secret ?? '', search.slice(1), ...inQuery(one.url), ...inPath(one.url)];
      return [...secrets, ...secretParts(Object.entries(one.headers))].filter((text) => text !== '');
    }
    case 'slack':
    case 'teams': {
      const { pathname, search } = new URL(one.url);
      return [pathname + search, ...inPath(one.url), ...inQuery(one.url)].filter((text) => text.length > 1);
    }
    case 'email':
      return one.password ? [one.password] : [];
    case 'pagerduty':
      return [one.routingKey, ...inQuery(one.url)];
  }
}

/** What only says `/hook` would hide that word everywhere. */
function inPath(url: string): string[] {
  const { pathname, search } = new URL(url);
  if (pathname.length < keyedPathCharacters) return [];
  const key = pathname.split('/').at(-1) ?? '';
  return [url, pathname + search, pathname, ...(isLong(key) ? [key] : [])];
}
const keyedPathCharacters = 12;

/** Host, and of what is behind it as much as tells two of them apart. */
export function shownAddress(url: string): string {
  const { host, pathname, search } = new URL(url);
  if (pathname === '/' && search === '') return host;
  return `${host}/…${pathname.length < keyedPathCharacters ? '' : pathname.slice(-4)}`;
}

const inQuery = (url: string): string[] => secretParts([...new URL(url).searchParams]);

/** Whole, and without the word in front, as of `Bearer …`. What only says `production` would hide that word everywhere. */
const secretParts = (values: [name: string, value: string][]): string[] =>
  values
    .filter(
      ([name, value]) => /auth|cookie|cred|key|pass|pw|secret|session|sig|token/i.test(name) || isLong(value),
    )
    .flatMap(([, value]) => [
      value,
      ...value
        .split(/\s+/)
        .slice(1)
        .filter((part) => part.length >= 12),
    ]);
const isLong = (text: string): boolean => text.length >= 20;

export const channelView = z.object({
  id,
  name,
  kind: z.enum(['webhook', 'slack', 'teams', 'email', 'pagerduty']),
  enabled: z.boolean(),
  /** Host and the end of its address, or addresses of e-mail. */
  target: z.string(),
  signed: z.boolean(),
});
export type ChannelView = z.infer<typeof channelView>;

export function channelViewOf(one: Channel): ChannelView {
  const target = targetOf(one);
  const signed = one.kind === 'webhook' && one.secret !== null;
  return { id: one.id, name: one.name, kind: one.kind, enabled: one.enabled, target, signed };
}

function targetOf(one: Channel): string {
  if (one.kind === 'email') return one.to.join(', ');
  // The same for everybody: its key is another one.
  return one.kind === 'pagerduty' ? new URL(one.url).host : shownAddress(one.url);
}

/** An alert goes to the channels of every route that matches it. */
export const route = z.strictObject({
  id,
  matchers: alertMatchers,
  atLeast: severity.default('WARN'),
  channels: z.array(id).min(1, 'Give at least one channel.').max(20),
  /** CRITICAL that nobody has acknowledged is sent again after this; null: it is sent once. */
  repeatSeconds: z.int().min(300).max(604_800).nullable().default(null),
});
export type Route = z.infer<typeof route>;

/** The body that a webhook gets. A CLEAR repeats the id of its RAISED. */
export const webhookMessage = z.strictObject({
  id: z.string(),
  rule_id: z.string(),
  severity,
  status: z.enum(['RAISED', 'CLEAR']),
  title: z.string().max(40),
  message: z.string(),
  /** Milliseconds since the epoch. */
  created_at: z.int(),
});
export type WebhookMessage = z.infer<typeof webhookMessage>;
