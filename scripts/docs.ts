// `npm run docs`: writes those pages of docs/ that are made from code. A unit test of each says when it is to be run.
import { readFileSync, writeFileSync } from 'node:fs';
import { rulesDocument } from '@/server/health/catalog';
import { grafanaDashboard } from '@/server/monitoring/grafana/dashboard';
import { withObservedMetrics } from '@/server/monitoring/metrics-document';

const pages: Record<string, () => string> = {
  'docs/rules.md': rulesDocument,
  'docs/metrics.md': () => withObservedMetrics(readFileSync('docs/metrics.md', 'utf8')),
  'docs/grafana/landbridge.json': grafanaDashboard,
};

for (const [file, write] of Object.entries(pages)) {
  writeFileSync(file, write());
  process.stdout.write(`${file}\n`);
}
