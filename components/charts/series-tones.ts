// Which colour a series has: the same on every page and in every range, as far as the others beside it allow. Pure.
import { type SeriesTone, seriesTones } from './theme-colours';

/** By the name itself; where two want one colour, the one that comes first by name has it. */
export function tonesOf(names: readonly string[]): Map<string, SeriesTone> {
  const taken = new Set<number>();
  const tones = new Map<string, SeriesTone>();
  for (const name of [...names].sort()) {
    let at = hash(name) % seriesTones.length;
    if (taken.size < seriesTones.length) while (taken.has(at)) at = (at + 1) % seriesTones.length;
    taken.add(at);
    tones.set(name, seriesTones[at]!);
  }
  return tones;
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
