/**
 * Which addresses this server may call. Refused are those where a machine keeps what is meant for itself only (link-local,
 * cloud metadata) and those that are no single host. Pure: names are resolved elsewhere.
 */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** From `outgoing.allow` in landbridge.yaml: null when it isn't set. */
export type OutgoingPolicy = { allow: readonly string[] | null };

export type Verdict = { ok: true; plainHttp: boolean } | { ok: false; why: string };

const refused: readonly [network: string, prefix: number, what: string][] = [
  ['169.254.0.0', 16, 'link-local; cloud metadata is there'],
  ['100.100.100.200', 32, 'cloud metadata (Alibaba)'],
  ['168.63.129.16', 32, "the cloud's own services (Azure)"],
  ['192.0.0.192', 32, 'cloud metadata (Oracle)'],
  ['0.0.0.0', 8, 'not the address of a host'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved, broadcast'],
  ['::', 128, 'not the address of a host'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'site-local'],
  ['ff00::', 8, 'multicast'],
  ['fd00:ec2::', 32, 'cloud metadata (Amazon)'],
  ['fd20:ce::254', 128, 'cloud metadata (Google)'],
  ['2001::', 32, 'Teredo'],
];

const refusedLists = refused.map(([network, prefix, what]) => ({ list: listOf(network, prefix), what }));
const loopback = [listOf('127.0.0.0', 8), listOf('::1', 128)];

/**
 * @param host as it stands in the URL: a name, or an address
 * @param address one of those that the name has now
 */
export function judgeAddress(host: string, address: string, policy: OutgoingPolicy): Verdict {
  const plain = withoutZone(address);
  if (!isIP(plain)) return { ok: false, why: `${address} is not an IP address` };
  const spellings = [plain, ...embeddedIpv4(plain)];
  // Only an entry with this very address opens what is refused: neither a name, which another may point elsewhere, nor a wide network.
  const named = policy.allow?.some((entry) => spellings.some((s) => isSameAddress(entry, s))) ?? false;
  if (!named) {
    for (const spelling of spellings) {
      const hit = refusedLists.find(({ list }) => contains(list, spelling));
      if (hit) return { ok: false, why: `such addresses are never called (${hit.what})` };
    }
  }
  const listed = policy.allow?.some((entry) => matches(entry, host, spellings)) ?? null;
  if (listed === false) return { ok: false, why: 'it is not in outgoing.allow of landbridge.yaml' };
  // Embedded in NAT64 or 6to4, 127.0.0.1 is another machine's; only the mapped form is this one, and the list knows it.
  return { ok: true, plainHttp: listed === true || loopback.some((list) => contains(list, plain)) };
}

/** Of a name that a proxy resolves: only whether it is allowed at all. */
export function judgeName(host: string, { allow }: OutgoingPolicy): Verdict {
  if (allow === null || allow.some((entry) => matches(entry, host, [])))
    return { ok: true, plainHttp: false };
  return { ok: false, why: 'it is not in outgoing.allow of landbridge.yaml' };
}

const hostName = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;

/** Null when it can stand in `outgoing.allow`; otherwise what is wrong with it. */
export function allowEntryProblem(entry: string): string | null {
  const [network = '', prefix, ...rest] = entry.split('/');
  const widest = isIPv4(network) ? 32 : isIPv6(network) ? 128 : null;
  if (prefix === undefined && (widest !== null || hostName.test(network))) return null;
  if (widest === null) {
    return 'Write a host name, *.domain, an IP address or a network such as 10.0.0.0/8, without scheme and port.';
  }
  if (rest.length === 0 && /^\d{1,3}$/.test(prefix ?? '') && Number(prefix) <= widest) return null;
  return 'This is not a network: write it as 10.0.0.0/8 or fd12:3456::/32.';
}

function matches(entry: string, host: string, spellings: readonly string[]): boolean {
  const [network = '', prefix] = entry.split('/');
  if (isIP(network)) {
    const list = listOf(network, prefix === undefined ? (isIPv4(network) ? 32 : 128) : Number(prefix));
    return spellings.some((spelling) => contains(list, spelling));
  }
  const [name, wanted] = [withoutDot(host), withoutDot(entry)];
  return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
}

function isSameAddress(entry: string, address: string): boolean {
  const [network = '', prefix] = entry.split('/');
  if (!isIP(network)) return false;
  const whole = isIPv4(network) ? 32 : 128;
  return (prefix === undefined || Number(prefix) === whole) && contains(listOf(network, whole), address);
}

/** IPv4 addresses that an IPv6 address leads to: mapped, compatible, NAT64 (RFC 6052) and 6to4. */
function embeddedIpv4(address: string): string[] {
  if (!isIPv6(address)) return [];
  const words = ipv6Words(address);
  const at = (index: number) => dotted(words[index] ?? 0, words[index + 1] ?? 0);
  const head = words.slice(0, 6).join(':');
  if (head === '0:0:0:0:0:65535') return [at(6)];
  if (head === '0:0:0:0:0:0' && (words[6] !== 0 || (words[7] ?? 0) > 1)) return [at(6)];
  // ::ffff:0:a.b.c.d (RFC 2765), and both NAT64 prefixes.
  if (head === '0:0:0:0:65535:0') return [at(6)];
  if (words[0] === 0x64 && words[1] === 0xff9b) return [at(6)];
  if (words[0] === 0x2002) return [at(1)];
  return [];
}

/** The eight 16-bit words; the URL parser knows every spelling. */
function ipv6Words(address: string): number[] {
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [left = '', right] = text.split('::');
  const words = (part: string) =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  if (right === undefined) return words(left);
  const [before, after] = [words(left), words(right)];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const dotted = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.');
const withoutZone = (address: string) => address.replace(/%.*$/, '');
const withoutDot = (host: string) => host.toLowerCase().replace(/\.$/, '');

function listOf(network: string, prefix: number): BlockList {
  const list = new BlockList();
  list.addSubnet(network, prefix, isIPv4(network) ? 'ipv4' : 'ipv6');
  return list;
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
