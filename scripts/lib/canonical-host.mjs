// localhost and 127.0.0.1 are different hosts for cookies: whoever signed in under one is a stranger under the other. Pages
// lead to the one name that the server goes by. Done before Next, which shortens such a redirect to its path: a loop.
import { isLoopbackHost } from '../../lib/public-address.mjs';

/**
 * @param {{ method?: string, url?: string, headers: { host?: string } }} request
 * @param {{ origin: string, host: string }} address
 * @returns {string | null} where the page is; null when it is here, and for everything that is no page
 */
export function canonicalLocation({ method, url = '/', headers }, address) {
  const host = headers.host?.toLowerCase() ?? '';
  if ((method !== 'GET' && method !== 'HEAD') || host === address.host) return null;
  // Where the public address is elsewhere, a proxy in front may have rewritten Host: it would be sent round and round.
  // Another port is a tunnel's: there this port may be somebody else's.
  if (!isLoopbackName(host) || !isLoopbackName(address.host) || portOf(host) !== portOf(address.host))
    return null;
  if (!url.startsWith('/') || /^\/+(api|kafka|_next|healthz|readyz|metrics)(?:[/?]|$)/.test(url)) return null;
  return `${address.origin}${url.replace(/^\/+/, '/')}`;
}

const isLoopbackName = (host) => isLoopbackHost(host.replace(/:\d+$/, ''));
const portOf = (host) => /:(\d+)$/.exec(host)?.[1] ?? '80';
