import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { webhookMessage } from '@/lib/contracts/monitoring/channels';
import { signature, signatureHeader, timestampHeader } from './webhook';

const page = readFileSync(join(process.cwd(), 'docs/alerts.md'), 'utf8');
const block = (language: string) =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

describe('what docs/alerts.md shows', () => {
  it('of the body of a webhook is what the contract says', () => {
    expect(webhookMessage.safeParse(JSON.parse(block('json'))).success).toBe(true);
  });

  it('in JavaScript takes our signatures and no others', () => {
    const code = block('js').replace('export ', '');
    const [body, secret] = ['{"id":"a"}', 'a long enough secret'];
    const now = String(Math.floor(Date.now() / 1000));
    const old = String(Number(now) - 301);
    const asks = [
      [secret, now, signature(secret, now, body), body],
      [secret, old, signature(secret, old, body), body],
      [secret, now, signature('another secret!!', now, body), body],
      [secret, now, signature(secret, now, body), '{"id":"b"}'],
      [secret, now, '', body],
    ].map(([own, timestamp, signed, sent]) => [
      own,
      { [timestampHeader]: timestamp, [signatureHeader]: signed },
      sent,
    ]);
    const run = `${code}\nconsole.log(JSON.stringify(${JSON.stringify(asks)}.map((ask) => isFromLandbridge(...ask))));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', run], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual([true, false, false, false, false]);
  });

  it('in Python takes our signatures and no others', ({ skip }) => {
    if (!hasPython()) skip('There is no python3 here.');
    const [body, secret] = ['{"id":"a"}', 'a long enough secret'];
    const now = String(Math.floor(Date.now() / 1000));
    const check = (timestamp: string, signed: string, sent: string) =>
      `is_from_landbridge("${secret}", {"X-Landbridge-Timestamp": "${timestamp}", "X-Landbridge-Signature": "${signed}"}, b'${sent}')`;
    const checks = [
      check(now, signature(secret, now, body), body),
      check(String(Number(now) - 301), signature(secret, String(Number(now) - 301), body), body),
      check(now, signature(secret, now, body), '{"id":"b"}'),
      check('', '', body),
    ];
    const said = execFileSync('python3', ['-c', `${block('python')}\nprint(${checks.join(', ')})`], {
      encoding: 'utf8',
    });
    expect(said.trim()).toBe('True False False False');
  });
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
}
