import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleInfo } from '@/lib/contracts/monitoring/rules';
import { infoOf, rulesDocument } from './catalog';
import { rules } from './rules/all';

describe('the catalogue of rules', () => {
  it('is as docs/rules.md has it: if not, run npm run docs', () => {
    expect(readFileSync(join(process.cwd(), 'docs/rules.md'), 'utf8')).toBe(rulesDocument());
  });

  it('says of every rule what pages need', () => {
    for (const rule of rules) expect(ruleInfo.parse(infoOf(rule)).id).toBe(rule.id);
  });
});
