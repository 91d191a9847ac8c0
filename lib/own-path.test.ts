import { expect, test } from 'vitest';
import { ownPath } from './own-path';

test.each([
  ['/links/east/orders?view=history#top', '/links/east/orders?view=history#top'],
  ['/', '/'],
  ['/settings/people', '/settings/people'],
  ['/apidocs', '/apidocs'],
])('%s is a way to go on', (text, path) => {
  expect(ownPath(text)).toBe(path);
});

test.each([
  null,
  '',
  'https://evil.example/',
  '//evil.example/x',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  '/links/..//evil.example',
  'javascript:alert(1)',
  'links',
  '/api/auth/signout',
  '/kafka/v3/clusters',
  '/sign-in?next=/sign-in',
  '/set-up#token',
])('%j leads to the overview instead', (text) => {
  expect(ownPath(text)).toBe('/');
});

test('a whole address is taken when it is of this server', () => {
  expect(ownPath('https://a.example/links', 'https://a.example')).toBe('/links');
  expect(ownPath('https://a.example.evil.example/links', 'https://a.example')).toBe('/');
  expect(ownPath('https://a.example@evil.example/', 'https://a.example')).toBe('/');
});
