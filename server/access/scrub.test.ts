import { afterEach, describe, expect, it } from 'vitest';
import { rememberSecrets, scrub, scrubAll, spellingsOf } from './scrub';

afterEach(() => rememberSecrets('test', []));

describe('scrubbing', () => {
  it('finds a secret plain, in JSON, in a URL and in base64 wherever it begins', () => {
    const secret = 'p"a/s s+wörd\n1';
    rememberSecrets('test', [secret]);
    const texts = [
      `password=${secret};`,
      JSON.stringify({ a: { secret } }),
      `https://a/?p=${encodeURIComponent(secret)}`,
      new URLSearchParams({ client_secret: secret }).toString(),
      ...['', 'u', 'us', 'use', 'user'].map(
        (user) => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
      ),
      Buffer.from(`xx:${secret}:yyy`).toString('base64url'),
    ];
    for (const text of texts) expect(scrub(text)).toContain('[secret]');
    for (const text of texts)
      for (const spelling of spellingsOf(secret)) expect(scrub(text)).not.toContain(spelling);
  });

  it('finds each line of a private key', () => {
    const line = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg';
    rememberSecrets('test', [
      `-----BEGIN PRIVATE KEY-----\n${line}\nAAECAwQFBgcICQoL\n-----END PRIVATE KEY-----\n`,
    ]);
    expect(scrub(`error near ${line}`)).toBe('error near [secret]');
    expect(scrub('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
  });

  it('leaves other texts alone, and forgets what is no longer held', () => {
    rememberSecrets('test', ['short', 'a-longer-one']);
    expect(scrub('a short text')).toBe('a short text');
    expect(scrub('with a-longer-one in it')).toBe('with [secret] in it');
    rememberSecrets('test', []);
    expect(scrub('with a-longer-one in it')).toBe('with a-longer-one in it');
  });

  it('goes through lists and objects and keeps what is no text', () => {
    rememberSecrets('test', ['a-longer-one']);
    const columns = { start: new BigInt64Array(2) };
    const value = { list: ['a-longer-one', 1, null], columns: columns.start, at: undefined };
    expect(scrubAll(value)).toEqual({ list: ['[secret]', 1, null], columns: columns.start, at: undefined });
    expect(scrubAll(value).columns).toBe(columns.start);
  });
});
