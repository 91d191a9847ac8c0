// Reads an API key from a request: HTTP Basic (id and secret, as Confluent's clients send them) or `Bearer <id>.<secret>`. Pure.
import type { KeyCredentials } from '@/server/access/key-check';

/** Null when there are none, or when they cannot be read. */
export function keyCredentials(headers: Headers): KeyCredentials | null {
  const [, scheme, value] = /^(Basic|Bearer) +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (!scheme || !value) return null;
  return scheme.toLowerCase() === 'basic' ? fromBasic(value) : split(value, '.');
}

function fromBasic(value: string): KeyCredentials | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return null;
  return split(Buffer.from(value, 'base64').toString('utf8'), ':');
}

/** At the first separator: a secret may hold it too. */
function split(text: string, separator: string): KeyCredentials | null {
  const at = text.indexOf(separator);
  return at < 0 ? null : { id: text.slice(0, at), secret: text.slice(at + 1) };
}
