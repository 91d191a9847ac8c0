import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleInfo } from '@/lib/contracts/monitoring/rules';
import { infoOf, rulesDocument } from './catalog';
import type { Told } from './rule';
import { rules } from './rules/all';

describe('the catalogue of rules', () => {
  it('is as docs/rules.md has it: if not, run npm run docs', () => {
    expect(readFileSync(join(process.cwd(), 'docs/rules.md'), 'utf8')).toBe(rulesDocument());
  });

  it('says of every rule what pages need', () => {
    for (const rule of rules) expect(ruleInfo.parse(infoOf(rule)).id).toBe(rule.id);
  });

  it('says of every step that counts what it counts, and of nothing else', () => {
    for (const rule of rules) {
      const counts = rule.levels.some(({ at }) => typeof at === 'string') && rule.unit === 'count';
      expect(rule.counted !== null, rule.id).toBe(counts);
    }
  });

  it('names the console where it means it: on a hub the server that is read on is another one', () => {
    const numbers = { labels: { cluster: 'a', broker: '1' }, value: 1, shown: '1 s', count: 1, window: '' };
    for (const rule of rules) {
      const { what, why, steps } = infoOf(rule);
      const said = rule.say(numbers as unknown as Told);
      for (const text of [what, why, ...steps, said])
        expect(text, rule.id).not.toMatch(/this (server|machine)|the server(’s)? |reachable from here/);
    }
  });
});
