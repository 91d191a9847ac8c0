// SASL PLAIN (RFC 4616): authzid NUL authcid NUL passwd, once.
import { type PasswordCredentials, type SaslExchange, SaslRefused } from './exchange';

export function plainExchange({ username, password }: PasswordCredentials): SaslExchange {
  if (username.includes('\0') || password.includes('\0'))
    throw new SaslRefused('PLAIN cannot carry a user name or password with a NUL character');
  return {
    first: () => Buffer.from(`\0${username}\0${password}`, 'utf8'),
    next: async () => null,
  };
}
