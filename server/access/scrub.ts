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

/** @param own words of whoever will read it, kept where they are repeated as they are: as `[secret]`, a guess would be known to be right */
export function scrub(text: string, own: OwnWords = noWords): string {
  const search = (globalThis as Holder)[knownKey]?.search;
  if (!search) return text;
  return text.replace(search, (match: string, at: number) => (own.cover(text, match, at) ? match : shown));
}

/** What somebody has asked for, such as names of topics. */
export class OwnWords {
  readonly #words: readonly string[];
  readonly #holding = new Map<string, readonly string[]>();

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** Whether what was found at this place is part of one of the words. */
  cover(text: string, match: string, at: number): boolean {
    let words = this.#holding.get(match);
    if (!words) {
      words = [...new Set(this.#words.filter((word) => word.includes(match)))];
      this.#holding.set(match, words);
    }
    return words.some((word) => {
      const first = Math.max(0, at + match.length - word.length);
      const from = text.indexOf(word, first);
      return from >= 0 && from <= at;
    });
  }
}
const noWords = new OwnWords([]);

const nothing: ReadonlySet<string> = new Set();

/**
 * Every text in it, also inside of lists and objects; anything else stays as it is.
 * @param names keys whose texts are no words, and are kept
 * @param own as for `scrub`
 */
export function scrubAll<T>(value: T, names = nothing, own = noWords): T {
  if (!(globalThis as Holder)[knownKey]?.search) return value;
  return scrubbed(value, names, own) as T;
}

function scrubbed(value: unknown, names: ReadonlySet<string>, own: OwnWords): unknown {
  if (typeof value === 'string') return scrub(value, own);
  if (Array.isArray(value)) return value.map((item) => scrubbed(item, names, own));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, names.has(key) ? item : scrubbed(item, names, own)]),
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
