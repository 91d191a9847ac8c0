import { expect, test } from 'vitest';
import { canonicalLocation } from './canonical-host.mjs';
import { refusalOf } from './refused-requests.mjs';
import { trustedProxies } from './trusted-proxies.mjs';

const none = trustedProxies(undefined);
const some = trustedProxies('10.0.0.7, 10.1.0.0/16, fd00::/8');

test('without trusted proxies the socket says who asks, whatever the headers say', () => {
  expect(none.clientOf('203.0.113.5', ['198.51.100.7'])).toBe('203.0.113.5');
  expect(none.clientOf('::ffff:203.0.113.5', [])).toBe('203.0.113.5');
});

test('a trusted proxy is believed, and only about the last hop that is none', () => {
  expect(some.clientOf('10.0.0.7', ['198.51.100.7'])).toBe('198.51.100.7');
  expect(some.clientOf('::ffff:10.0.0.7', ['198.51.100.7:4711'])).toBe('198.51.100.7');
  // The client has written the first; two proxies have written the others.
  expect(some.clientOf('10.0.0.7', ['1.1.1.1, 198.51.100.7, 10.1.2.3'])).toBe('198.51.100.7');
  expect(some.clientOf('fd00::1', ['[2001:db8::5]:443'])).toBe('2001:db8::5');
  expect(some.clientOf('10.0.0.8', ['198.51.100.7'])).toBe('10.0.0.8');
});

test('a proxy that says nothing, or nonsense, is the client itself', () => {
  expect(some.clientOf('10.0.0.7', [])).toBe('10.0.0.7');
  expect(some.clientOf('10.0.0.7', ['unknown'])).toBe('10.0.0.7');
});

test.each(['proxy', '10.0.0.1/33', '10.0.0.1/', '10.0.0.0/8/8', 'fd00::/129'])('%s is not taken', (entry) => {
  expect(trustedProxies(entry).problem).toContain(`names "${entry}"`);
});

test('what Next would answer with HTML is answered in the shape of the API that was asked', () => {
  expect(refusalOf('TRACE', '/api/links')).toMatchObject({
    status: 405,
    body: { code: 'METHOD_NOT_ALLOWED' },
  });
  expect(refusalOf('PROPFIND', '/kafka/v3/clusters')).toMatchObject({
    status: 405,
    body: { error_code: 405 },
  });
  expect(refusalOf('GET', '/kafka/v3/clusters/%ff')).toMatchObject({
    status: 400,
    body: { error_code: 400 },
  });
  expect(refusalOf('GET', '/api/%')).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  expect(refusalOf('GET', '/api/a%2Fb?x=%')).toBe(null);
  expect(refusalOf('TRACE', '/links')).toBe(null);
});

const own = { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' };
const page = (host: string, url = '/links?a=b', method = 'GET') => ({ method, url, headers: { host } });

test('pages lead to the name that the server goes by, and nowhere else', () => {
  expect(canonicalLocation(page('localhost:3000'), own)).toBe('http://127.0.0.1:3000/links?a=b');
  expect(canonicalLocation(page('[::1]:3000', '//evil.example/x'), own)).toBe(
    'http://127.0.0.1:3000/evil.example/x',
  );
  for (const request of [
    page('127.0.0.1:3000'),
    page('localhost:3000', '/api/links'),
    page('localhost:3000', '/readyz'),
    page('localhost:3000', '/links', 'POST'),
    page('evil.example'),
    page('localhost:8080'),
    page('localhost:3000', 'http://evil.example/'),
  ])
    expect(canonicalLocation(request, own)).toBe(null);
});

test('behind a proxy that rewrites Host nobody is sent round and round', () => {
  const behind = { origin: 'https://links.example.com', host: 'links.example.com' };
  expect(canonicalLocation(page('127.0.0.1:3000'), behind)).toBe(null);
});
