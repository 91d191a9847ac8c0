// Under which one address people reach this server, and whether that is safe. Plain JavaScript and pure: the start script
// asks it before anything is built, the server at its start, the proxy at each page.

/**
 * @typedef {object} PublicAddress
 * @property {string} origin `https://links.example.com`, `http://127.0.0.1:3000`
 * @property {string} host what a browser then sends as Host
 * @property {boolean} secure https: cookies are bound to this host by `__Host-`
 * @property {boolean} exposed plain http on a network: whoever listens there reads passwords. Every page says so
 */

/**
 * @param {Record<string, string | undefined>} environment
 * @param {string} host the address that is listened on
 * @param {number} port
 * @returns {{ address: PublicAddress, problem: null } | { address: null, problem: string }}
 */
export function readPublicAddress(environment, host, port) {
  const text = environment.LANDBRIDGE_URL?.trim();
  if (text) return fromUrl(text, environment.LANDBRIDGE_INSECURE_HTTP?.trim() === '1');
  if (isLoopbackHost(host)) return known(new URL(`http://${bracketed(host)}:${port}`), false);
  return refused(
    `HOST=${host} can be reached from other machines, so LANDBRIDGE_URL must say under which address people open the console, ` +
      'for example LANDBRIDGE_URL=https://links.example.com (docs/configuration.md). ' +
      'Or leave HOST out (127.0.0.1), and come in through a tunnel, for example ssh -L 3000:127.0.0.1:3000.',
  );
}

/** @param {string} host */
export function isLoopbackHost(host) {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * @param {string} text
 * @param {boolean} insecureAllowed
 */
function fromUrl(text, insecureAllowed) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash;
  if (!url || !plain || url.username || url.password || !url.hostname) {
    return refused(
      `LANDBRIDGE_URL=${text} is not the address of a server: give scheme and host, and the port if it is not the usual one, such as https://links.example.com.`,
    );
  }
  if (url.protocol === 'https:' || isLoopbackHost(url.hostname) || insecureAllowed) {
    return known(url, url.protocol === 'http:' && !isLoopbackHost(url.hostname));
  }
  return refused(
    `LANDBRIDGE_URL=${text} is plain http: passwords and sessions could be read on the way, and browsers drop secure cookies there. ` +
      'Put a proxy with TLS in front and give its https address. In a network that you trust: LANDBRIDGE_INSECURE_HTTP=1.',
  );
}

/**
 * @param {URL} url
 * @param {boolean} exposed
 */
function known(url, exposed) {
  return {
    address: { origin: url.origin, host: url.host, secure: url.protocol === 'https:', exposed },
    problem: null,
  };
}

/** @param {string} problem */
const refused = (problem) => ({ address: null, problem });

/** @param {string} host */
const bracketed = (host) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
