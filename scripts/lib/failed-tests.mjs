// Reads which tests failed, and why, from the JSON reports of vitest and Playwright: a log of thousands of lines, of which
// a build server may show only the end, then names them there.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const linesOfMessage = 14;
const testsAtMost = 20;

/** @returns `[{ name, message }]`, empty when there is no report */
export function vitestFailures(file, root) {
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap((suite) => {
    const path = relative(root, suite.name);
    const failed = suite.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages = [] }) => failure(`${path} › ${fullName}`, failureMessages));
    const inNoTest = suite.status === 'failed' && failed.length === 0;
    return inNoTest ? [failure(path, [suite.message ?? ''])] : failed;
  });
}

/** @returns `[{ name, message }]`, empty when there is no report */
export function playwrightFailures(file) {
  if (!existsSync(file)) return [];
  const { suites = [], errors = [] } = JSON.parse(readFileSync(file, 'utf8'));
  const bad = specsOf(suites).flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ projectName, results }) =>
        failure(
          `[${projectName}] ${spec.file}:${spec.line} › ${spec.title}`,
          results.flatMap((result) => (result.errors ?? []).map(({ message = '' }) => message)),
        ),
      ),
  );
  return [...bad, ...errors.map(({ message = '' }) => failure('outside of a test', [message]))];
}

function specsOf(suites) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...specsOf(suite.suites ?? [])]);
}

function failure(name, messages) {
  const lines = messages
    .flatMap((message) => stripVTControlCharacters(message).split('\n'))
    .filter((line) => line.trim() && !/^\s*at .*node_modules/.test(line));
  const cut = lines.length > linesOfMessage ? [...lines.slice(0, linesOfMessage), '…'] : lines;
  return { name, message: cut.join('\n') };
}

/** @returns the lines to print, empty when nothing failed */
export function describeFailures(failures) {
  const shown = failures
    .slice(0, testsAtMost)
    .flatMap(({ name, message }) => [
      `  ${name}`,
      ...(message ? message.split('\n').map((line) => `      ${line}`) : []),
    ]);
  const more = failures.length - testsAtMost;
  return more > 0 ? [...shown, `  … and ${more} more`] : shown;
}
