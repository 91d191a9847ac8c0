// SASL OAUTHBEARER (RFC 7628): a bearer token, once. A refusal comes as JSON that has to be answered before the broker ends the sign-in.
import { type SaslExchange, SaslRefused, type TokenCredentials } from './exchange';

const SEPARATOR = '\x01';

export function oauthBearerExchange(token: string, extensions: TokenCredentials['extensions']): SaslExchange {
  // RFC 6750's alphabet; anything else could end the field and add others.
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
    throw new SaslRefused('the token endpoint gave a token with characters that a bearer token cannot have');
  const more = Object.entries(extensions).map(([name, value]) => `${name}=${value}${SEPARATOR}`);
  return {
    first: () =>
      Buffer.from(`n,,${SEPARATOR}auth=Bearer ${token}${SEPARATOR}${more.join('')}${SEPARATOR}`, 'utf8'),
    // Empty: accepted. Else the reason, which the broker repeats in its error once this is said.
    next: async (challenge) => (challenge.length === 0 ? null : Buffer.from(SEPARATOR)),
  };
}
