// Patterns that people give: what they choose, and that none of them keeps the server from answering others.
import { describe, expect, it } from 'vitest';
import { chosenMirrors } from './chosen-mirrors';

const link = (topics: readonly string[]) => ({ mirrors: new Map(topics.map((topic) => [topic, null])) });

describe('a pattern', () => {
  it('means the mirrors whose whole name it matches', () => {
    const chosen = chosenMirrors(
      link(['orders', 'orders.eu', 'x']),
      { pattern: 'orders(\\..*)?' },
      'pattern',
    );
    expect(chosen).toEqual(['orders', 'orders.eu']);
  });

  it.each(['(.?){1000}', '(?:.?){1000}', '(\\pL?){1000}', '(.{1,31}){1,31}'])(
    'of many times %s is refused before it keeps the server busy',
    (part) => {
      const pattern = `${part.repeat(Math.floor(245 / part.length))}!`;
      const topics = Array.from({ length: 3 }, (_, n) => 'o'.repeat(240) + n);
      const before = performance.now();
      expect(() => chosenMirrors(link(topics), { pattern }, 'pattern')).toThrow(/pattern/);
      expect(performance.now() - before).toBeLessThan(2_000);
    },
    120_000,
  );
});
