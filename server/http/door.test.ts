import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPublicAddress } from '@/lib/public-address.mjs';
import { contentSecurityPolicy } from './content-security-policy';
import { checkOrigin, isOwnHost } from './door';
import { jsonText } from './json';
import { keyCredentials } from './key-credentials';
import { matchPath } from './rest/match';

const names = (port = 3000, LANDBRIDGE_URL?: string) => {
  const { address, problem } = readPublicAddress({ LANDBRIDGE_URL }, '127.0.0.1', port);
  if (!address) throw new Error(problem);
  return { port, address };
};
const proxied = names(3000, 'https://links.example.com');

describe('the door', () => {
  it('knows the public address, and its own machine beside it', () => {
    expect(isOwnHost('links.example.com', proxied)).toBe(true);
    expect(isOwnHost('Links.Example.com', proxied)).toBe(true);
    expect(isOwnHost('127.0.0.1:3000', proxied)).toBe(true);
    for (const host of ['links.example.com:3000', 'example.com', 'links.example.com.evil.com'])
      expect(isOwnHost(host, proxied)).toBe(false);
  });

  it('takes changes from pages under the public address, also behind a proxy that rewrites Host', () => {
    const from = (origin: string, host: string) => () =>
      checkOrigin('POST', new Headers({ origin, host, 'sec-fetch-site': 'same-origin' }), proxied);
    expect(from('https://links.example.com', 'links.example.com')).not.toThrow();
    expect(from('https://links.example.com', '127.0.0.1:3000')).not.toThrow();
    expect(from('http://127.0.0.1:3000', '127.0.0.1:3000')).not.toThrow();
    expect(from('http://links.example.com', 'links.example.com')).toThrow('comes from another origin');
    expect(from('http://127.0.0.1:3000', 'links.example.com')).toThrow('comes from');
  });

  it('knows its own names with the port, and nothing that only looks like them', () => {
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      expect(isOwnHost(host, names())).toBe(true);
    const others = [
      'localhost',
      '127.0.0.1:80',
      'localhost.:3000',
      '127.0.0.1:3000.evil.com',
      'evil@localhost:3000',
      '',
    ];
    for (const host of others) expect(isOwnHost(host, names())).toBe(false);
    expect(isOwnHost('localhost', names(80))).toBe(true);
  });

  it('reads Basic credentials; a secret may hold colons and any character', () => {
    void fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (key, secret) => {
        fc.pre(!key.includes(':'));
        const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
        expect(keyCredentials(new Headers({ authorization }))).toEqual({ id: key, secret });
      }),
    );
    for (const authorization of ['Bearer x', 'Basic', 'Basic !!!', `Basic ${btoa('nocolon')}`]) {
      expect(keyCredentials(new Headers({ authorization }))).toBe(null);
    }
  });
});

describe('JSON with raw integers', () => {
  it('is what JSON.stringify writes, for everything but bigint', () => {
    void fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonText(value)).toBe(JSON.stringify(value));
      }),
    );
    expect(jsonText({ a: 2n ** 63n - 1n, b: undefined, c: [-5n, undefined] })).toBe(
      '{"a":9223372036854775807,"c":[-5,null]}',
    );
  });
});

describe('paths of the REST API', () => {
  const routes = [
    ['/clusters/{id}/links/-/mirrors', 'all'],
    ['/clusters/{id}/links/{link}/mirrors', 'one'],
    ['/clusters/{id}/links/{link}/mirrors:pause', 'pause'],
  ] as const;

  it('match literals before names, and a colon in both spellings', () => {
    expect(matchPath('/clusters/a/links/-/mirrors', routes)?.value).toBe('all');
    expect(matchPath('/clusters/a/links/b/mirrors', routes)).toEqual({
      value: 'one',
      params: { id: 'a', link: 'b' },
    });
    expect(matchPath('/clusters/a/links/b/mirrors%3Apause', routes)?.value).toBe('pause');
    expect(matchPath('/clusters/a/links/b/mirrors:pause', routes)?.value).toBe('pause');
    expect(matchPath('/clusters/a%2Fb/links/c/mirrors', routes)?.params).toEqual({ id: 'a/b', link: 'c' });
    expect(matchPath('/clusters/%ff/links/b/mirrors', routes)).toBe(null);
    expect(matchPath('/clusters/a/links', routes)).toBe(null);
  });
});

describe('the content security policy', () => {
  it('allows scripts by nonce only and no frames', () => {
    const policy = contentSecurityPolicy('abc', false);
    expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|style-src [^;]*unsafe-inline/);
  });
});
