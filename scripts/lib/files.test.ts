// What the scripts read from files: whether packages and build fit the sources, and what test reports say.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildProblem, serverFile, sourcesFingerprint, stampFile } from './build-state.mjs';
import { dependencyProblem } from './dependencies.mjs';
import { describeFailures, playwrightFailures, vitestFailures } from './failed-tests.mjs';
import { playwrightCounts, sum, vitestCounts } from './test-counts.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-scripts-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: unknown): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('a build fits until a source changes, and a test is no source', () => {
  write('app/page.tsx', 'one');
  expect(buildProblem(root)).toBe('there is no build yet');
  write(serverFile, '');
  expect(buildProblem(root)).toBe('the last build was not finished');
  write(stampFile, `${sourcesFingerprint(root)}\n`);
  expect(buildProblem(root)).toBeNull();
  write('app/page.test.tsx', 'a test');
  expect(buildProblem(root)).toBeNull();
  write('app/page.tsx', 'two');
  expect(buildProblem(root)).toBe('the sources have changed since the last build');
});

test('packages fit when each that is not optional stands at the version of the lock', () => {
  const packages = {
    '': { name: 'root' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', optional: true },
  };
  write('package-lock.json', { packages });
  expect(dependencyProblem(root)).toBe('node_modules is missing');
  write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
  expect(dependencyProblem(root)).toBeNull();
  write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '0.9.0' } } });
  expect(dependencyProblem(root)).toBe('a is not at 1.0.0');
});

test('a test file that could not be loaded counts as a failed test', () => {
  const file = write('vitest.json', {
    testResults: [
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'pending' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'todo' }] },
    ],
  });
  expect(vitestCounts(file)).toEqual({ passed: 1, failed: 2, skipped: 2 });
});

test('a browser test that passed only when tried again counts as failed', () => {
  const file = write('playwright.json', {
    stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 },
    errors: [],
  });
  expect(playwrightCounts(file)).toEqual({ passed: 5, failed: 2, skipped: 2 });
  expect(sum([{ passed: 1, failed: 0, skipped: 0 }, playwrightCounts(file)])).toEqual({
    passed: 6,
    failed: 2,
    skipped: 2,
  });
});

test('a report that was never written is no result', () => {
  expect(vitestCounts(join(root, 'none.json'))).toBeNull();
  expect(playwrightCounts(join(root, 'none.json'))).toBeNull();
});

test('failed tests of vitest are named with their file and the beginning of their message', () => {
  const long = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
  const file = write('vitest.json', {
    testResults: [
      {
        name: join(root, 'server/a.test.ts'),
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'fine' },
          { status: 'failed', fullName: 'a offset shifts', failureMessages: [`\u001b[31m${long}\u001b[39m`] },
        ],
      },
      {
        name: join(root, 'server/b.test.ts'),
        status: 'failed',
        message: 'no such module',
        assertionResults: [],
      },
    ],
  });
  const failures = vitestFailures(file, root);
  expect(failures.map((failure: { name: string }) => failure.name)).toEqual([
    'server/a.test.ts › a offset shifts',
    'server/b.test.ts',
  ]);
  expect(failures[0].message).toMatch(/^line 0\n.*line 13\n…$/s);
  expect(describeFailures(failures)).toContain('      no such module');
});

test('failed browser tests are found in suites of suites, also those that passed when tried again', () => {
  const spec = (title: string, status: string) => ({
    title,
    file: 'pages.spec.ts',
    line: 7,
    tests: [{ projectName: 'pages', status, results: [{ errors: [{ message: `${title} broke` }] }] }],
  });
  const file = write('playwright.json', {
    suites: [
      {
        specs: [spec('one', 'expected')],
        suites: [{ specs: [spec('two', 'unexpected'), spec('three', 'flaky')] }],
      },
    ],
    errors: [{ message: 'no browser' }],
  });
  expect(describeFailures(playwrightFailures(file))).toEqual([
    '  [pages] pages.spec.ts:7 › two',
    '      two broke',
    '  [pages] pages.spec.ts:7 › three',
    '      three broke',
    '  outside of a test',
    '      no browser',
  ]);
});

test('of very many failed tests the first are named, and how many more there are', () => {
  const many = Array.from({ length: 23 }, (_, index) => ({ name: `test ${index}`, message: '' }));
  expect(describeFailures(many).at(-1)).toBe('  … and 3 more');
  expect(describeFailures([])).toEqual([]);
});
