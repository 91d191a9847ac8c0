// What strangers name things must not look like entries of the log.
import { afterEach, expect, it, vi } from 'vitest';
import { log } from './log';

afterEach(() => vi.restoreAllMocks());

function written(write: () => void): string {
  const parts: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => parts.push(String(text)) > 0);
  write();
  return parts.join('');
}

it('an entry is one line, whatever its message holds', () => {
  const text = written(() =>
    log('info', 'key "x\n2026-11-24T00:00:00.000Z INFO audit anchor\u001b[2J\u202e" exists'),
  );
  expect(text.split('\n')).toHaveLength(2);
  expect(text).toContain('x\\n2026-11-24T00:00:00.000Z INFO audit anchor\\u001b[2J\\u202e" exists');
});

it('the lines of an error stand further in than entries', () => {
  const error = new Error('one\n2026-11-24T00:00:00.000Z INFO two', { cause: new Error('three\r\nfour') });
  const lines = written(() => log('error', 'It failed.', error))
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {4}[^\r]*$/);
});
