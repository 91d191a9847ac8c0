import { expect, test } from 'vitest';
import { signInConfigOf, signInFile } from '@/server/sign-in-config';
import { displayNameFromClaims, grantsFromClaims, userNameFromClaims } from './oidc-grants';

const provider = (over: object = {}) => {
  const file = signInFile.parse({
    oidc: [
      {
        id: 'corp',
        name: 'Corporate',
        issuer: 'https://login.example.com/',
        clientId: 'landbridge',
        clientSecret: 's',
        roles: [
          { group: 'kafka-admins', role: 'administrator' },
          { group: 'kafka', role: 'viewer' },
          { group: 'team-a', role: 'operator', scope: { kind: 'cluster', cluster: 'dc1' } },
          { group: 'team-b', role: 'operator', scope: { kind: 'cluster', cluster: 'dc1' } },
        ],
        ...over,
      },
    ],
  });
  return signInConfigOf(file).oidc[0]!;
};

test('each matching group gives its role in its place, twice the same only once', () => {
  expect(grantsFromClaims(provider(), { groups: ['team-b', 'team-a', 'kafka', 'other'] })).toEqual([
    { role: 'viewer', scope: { kind: 'everywhere' } },
    { role: 'operator', scope: { kind: 'cluster', cluster: 'dc1' } },
  ]);
});

test.each([
  [{}],
  [{ groups: [] }],
  [{ groups: 'kafka-adminsx' }],
  [{ groups: { 'kafka-admins': true } }],
  [{ groups: [['kafka-admins']] }],
])('claims %j give nothing', (claims) => {
  expect(grantsFromClaims(provider(), claims)).toEqual([]);
});

test('groups may be one text, stand under another name, or deep in an object', () => {
  expect(grantsFromClaims(provider(), { groups: 'kafka' })).toHaveLength(1);
  const claims = { realm_access: { roles: ['kafka'] }, 'https://example.com/groups': ['kafka'] };
  expect(grantsFromClaims(provider({ groupsClaim: 'realm_access.roles' }), claims)).toHaveLength(1);
  expect(grantsFromClaims(provider({ groupsClaim: 'https://example.com/groups' }), claims)).toHaveLength(1);
  expect(grantsFromClaims(provider({ groupsClaim: '__proto__.roles' }), claims)).toEqual([]);
});

test('a user name is made of what may stand in one', () => {
  expect(userNameFromClaims(provider(), { preferred_username: 'CORP\\Anna Lind', sub: '1' })).toBe(
    'CORP-Anna-Lind',
  );
  expect(userNameFromClaims(provider(), { preferred_username: '***', email: 'anna@example.com' })).toBe(
    'anna@example.com',
  );
  expect(userNameFromClaims(provider({ userNameClaim: 'upn' }), { upn: 'al', sub: '1' })).toBe('al');
  expect(userNameFromClaims(provider(), {})).toBe(null);
});

test('a display name has nothing in it that turns or hides what one reads', () => {
  expect(displayNameFromClaims({ name: ' Anna\u202e nimda\u200b\u0007 ' })).toBe('Anna nimda');
  expect(displayNameFromClaims({ name: '\u200b' })).toBe(null);
  expect(displayNameFromClaims({ name: '\u{1f600}'.repeat(80).slice(1) })).toMatch(/^\u{1f600}+$/u);
});

test('settings of a provider are checked', () => {
  expect(provider().wellKnown).toBe('https://login.example.com/.well-known/openid-configuration');
  expect(() => provider({ issuer: 'http://login.example.com' })).toThrow('https');
  expect(() => provider({ issuer: undefined })).toThrow('issuer or wellKnown');
  expect(() => provider({ id: 'password' })).toThrow('taken');
  expect(() => provider({ scope: 'profile' })).toThrow('openid');
  expect(() =>
    provider({ roles: [{ group: 'a', role: 'administrator', scope: { kind: 'cluster', cluster: 'c' } }] }),
  ).toThrow('administrator is one everywhere');
});
