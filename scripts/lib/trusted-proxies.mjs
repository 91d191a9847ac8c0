// Which peers may say for whom they ask (LANDBRIDGE_TRUSTED_PROXIES), and whom they ask for. Pure.
import { BlockList, isIP } from 'node:net';

/** @param {string | undefined} text addresses and networks, such as "10.0.0.7, 10.1.0.0/16, fd00::/8" */
export function trustedProxies(text) {
  const list = new BlockList();
  let problem = null;
  for (const entry of (text ?? '').split(',').map((part) => part.trim())) {
    if (entry !== '' && !add(list, entry)) {
      problem ??= `LANDBRIDGE_TRUSTED_PROXIES names "${entry}", which is neither an address nor a network such as 10.1.0.0/16.`;
    }
  }
  const isTrusted = (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
  return {
    problem,
    /**
     * The last address in the chain that no trusted proxy has written for itself: what stands before it was sent by the
     * client and may be anything.
     *
     * @param {string} peer the socket's address
     * @param {readonly string[]} said values of x-forwarded-for
     */
    clientOf(peer, said) {
      let client = plain(peer);
      const chain = said.flatMap((value) => value.split(',')).map((part) => plain(part.trim()));
      while (isTrusted(client)) {
        const before = chain.pop();
        if (before === undefined || isIP(before) === 0) return client;
        client = before;
      }
      return client;
    },
  };
}

function add(list, entry) {
  const [address = '', length, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  const kind = family === 6 ? 'ipv6' : 'ipv4';
  if (length === undefined) {
    list.addAddress(address, kind);
    return true;
  }
  if (!/^\d{1,3}$/.test(length) || Number(length) > (family === 6 ? 128 : 32)) return false;
  list.addSubnet(address, Number(length), kind);
  return true;
}

/** IPv4 as an IPv6 socket shows it, and with the port or brackets that some proxies write. */
function plain(address) {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? address;
  const unmapped =
    bare.toLowerCase().startsWith('::ffff:') && isIP(bare.slice(7)) === 4 ? bare.slice(7) : bare;
  const withoutPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(unmapped)?.[1];
  return withoutPort ?? unmapped;
}
