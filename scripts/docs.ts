// `npm run docs`: writes those pages of docs/ that are made from code. A unit test of each says when it is to be run.
import { writeFileSync } from 'node:fs';
import { rulesDocument } from '@/server/health/catalog';

const pages: Record<string, () => string> = { 'docs/rules.md': rulesDocument };

for (const [file, write] of Object.entries(pages)) {
  writeFileSync(file, write());
  process.stdout.write(`${file}\n`);
}
