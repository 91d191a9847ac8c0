/**
 * The second net under secrets: what is about to be logged, answered as an error or recorded is searched for every secret that
 * this server holds, in the usual spellings. The first net is not to put them there; nothing may rely on this one.
 */

const shown = '[secret]';
/** Shorter texts stand in other words by chance: replacing them would spoil messages and tell the secret by its absence. */
const shortestScrubbed = 8;

type Known = { spellings: Map<string, readonly string[]>; search: RegExp | null };
const knownKey = Symbol.for('landbridge.secrets');
type Holder = { [knownKey]?: Known };

/** @param holder who holds them, such as "clusters"; replaces what it held before */
export function rememberSecrets(holder: string, secrets: readonly string[]): void {
  // On globalThis, because bundles may hold copies of this module.
  const global = globalThis as Holder;
  const spellings = new Map(global[knownKey]?.spellings);
  spellings.set(holder, [...new Set(secrets.flatMap(spellingsOf))]);
  const all = [...spellings.values()].flat().sort((a, b) => b.length - a.length);
  global[knownKey] = {
    spellings,
    search: all.length === 0 ? null : new RegExp(all.map(quoted).join('|'), 'g'),
  };
}

export function scrub(text: string): string {
  const search = (globalThis as Holder)[knownKey]?.search;
  return search ? text.replace(search, shown) : text;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * Every text in it, also inside of lists and objects; anything else stays as it is.
 * @param names keys whose texts are no words, and are kept
 */
export function scrubAll<T>(value: T, names = nothing): T {
  if (!(globalThis as Holder)[knownKey]?.search) return value;
  return scrubbed(value, names) as T;
}

function scrubbed(value: unknown, names: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item) => scrubbed(item, names));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, names.has(key) ? item : scrubbed(item, names)]),
  );
}

/** Plain, inside JSON, inside a URL, and in base64 wherever it may begin, as in `Basic base64(user:password)`. */
export function spellingsOf(secret: string): string[] {
  const parts = secret.includes('-----BEGIN') ? bodyLines(secret) : [secret];
  return parts
    .filter((part) => part.length >= shortestScrubbed)
    .flatMap((part) => [
      part,
      JSON.stringify(part).slice(1, -1),
      encodeURIComponent(part),
      encodeURIComponent(part).replaceAll('%20', '+'),
      ...base64Cores(part),
    ])
    .filter((spelling, index, all) => spelling.length >= shortestScrubbed && all.indexOf(spelling) === index);
}

/** Of PEM text: what is between its first and its last line. */
const bodyLines = (pem: string) => pem.split(/\s+/).filter((line) => /^[A-Za-z0-9+/=]{16,}$/.test(line));

/** The characters that are the same whatever stands before and behind it. */
function base64Cores(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 2, 3].flatMap((firstSure, shift) => {
    const whole = Math.floor((shift + bytes.length) / 3) * 4;
    const core = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(firstSure, whole);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
