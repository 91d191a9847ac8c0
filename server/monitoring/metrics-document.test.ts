import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withObservedMetrics } from './metrics-document';

it('docs/metrics.md lists observed metrics as the code does: if not, run npm run docs', () => {
  const document = readFileSync(join(process.cwd(), 'docs/metrics.md'), 'utf8');
  expect(document).toBe(withObservedMetrics(document));
});
