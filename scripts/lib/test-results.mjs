// Writes the dated result of `npm run test:full` to docs/test-results.md, newest first.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { duration } from './print.mjs';

const heading = `# Results of the full test run

Written by \`npm run test:full\`, newest first. The full run adds what is too long for every change: other Kafka
versions, long faults and scale.
`;

/** @param files when not empty: only the test files whose path holds one of these were run */
export function writeTestResults(root, { steps, total, ms, files }) {
  const file = join(root, 'docs/test-results.md');
  const earlier = existsSync(file) ? readFileSync(file, 'utf8').slice(heading.length) : '';
  writeFileSync(file, `${heading}\n${section(root, { steps, total, ms, files })}${earlier}`);
}

function section(root, { steps, total, ms, files }) {
  const git = spawnSync('git', ['log', '-1', '--format=%h'], { cwd: root, encoding: 'utf8' });
  const memoryGb = Math.round(os.totalmem() / 2 ** 30);
  const rows = steps.map(({ name, ok, skipped, count, ms: stepMs }) => {
    const tests = count ? `${count.passed} / ${count.failed} / ${count.skipped}` : '';
    return `| ${name} | ${skipped ? 'not run' : ok ? 'ok' : 'failed'} | ${tests} | ${duration(stepMs)} |`;
  });
  return `## ${new Date().toISOString().slice(0, 10)}: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped

Commit ${git.stdout?.trim() || 'unknown'}, Node ${process.versions.node}, ${os.type()} ${os.arch()}, ${os.cpus().length} cores, ${memoryGb} GB, ${duration(ms)}, load ${os.loadavg()[2].toFixed(1)} (15 minutes).
${files.length > 0 ? `Only the test files named like ${files.join(', ')}.\n` : ''}
| step | result | passed / failed / skipped | time |
|---|---|---|---|
${rows.join('\n')}
`;
}
