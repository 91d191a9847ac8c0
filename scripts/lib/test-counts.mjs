// Reads how many tests passed, failed and were skipped from the JSON reports of vitest and Playwright.
import { existsSync, readFileSync } from 'node:fs';

const none = () => ({ passed: 0, failed: 0, skipped: 0 });

/** @returns counts, or null when there is no report: the runner died before its end */
export function vitestCounts(file) {
  if (!existsSync(file)) return null;
  const counts = none();
  for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults) {
    const before = counts.failed;
    for (const { status } of suite.assertionResults) {
      if (status === 'passed') counts.passed++;
      else if (status === 'failed') counts.failed++;
      else counts.skipped++;
    }
    // A file that could not be loaded, or whose hook failed, has no failed test of its own.
    if (suite.status === 'failed' && counts.failed === before) counts.failed++;
  }
  return counts;
}

/** @returns counts, or null when there is no report */
export function playwrightCounts(file) {
  if (!existsSync(file)) return null;
  const { stats, errors = [] } = JSON.parse(readFileSync(file, 'utf8'));
  // A test that passed only when tried again is not a passed test.
  const failed = stats.unexpected + stats.flaky;
  return {
    passed: stats.expected,
    failed: failed === 0 && errors.length > 0 ? errors.length : failed,
    skipped: stats.skipped,
  };
}

export function sum(list) {
  const total = none();
  for (const counts of list) for (const key of Object.keys(total)) total[key] += counts[key];
  return total;
}

/** @returns lines covered in percent, or null when vitest wrote no summary */
export function coveredLines(file) {
  if (!existsSync(file)) return null;
  const { lines } = JSON.parse(readFileSync(file, 'utf8')).total;
  return { percent: lines.total === 0 ? 100 : (100 * lines.covered) / lines.total, total: lines.total };
}
