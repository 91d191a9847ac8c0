import { expect, test } from 'vitest';
import { userName } from '@/lib/contracts/access';
import { lookAlike } from './lookalikes';

test.each([
  ['admin', 'аdmin', 'a Cyrillic а'],
  ['admin', 'admın', 'a dotless ı'],
  ['paypal', 'раура1', 'whole words of another script'],
  ['BOB', 'ВОВ', 'capitals of another script'],
  ['bobl', 'bob1', 'a digit for a letter'],
  ['Ivan', 'lvan', 'a capital i for a small L'],
  ['ANNA', 'anna', 'case'],
  ['omar', 'οmar', 'a Greek omicron'],
  ['ops', 'ｏｐｓ', 'full-width letters'],
  ['jose\u0301', 'josé', 'an accent apart'],
  ['alice', 'аӏісе', 'whole words with a small palochka'],
  ['alice', 'ALlCE', 'a small L among capitals'],
  ['bob', 'b0b', 'a zero'],
])('%s and %s look alike: %s', (a, b) => {
  expect(lookAlike(a, b)).toBe(true);
  expect(lookAlike(b, a)).toBe(true);
});

test.each([
  ['anna', 'hanna'],
  ['bob1', 'bob2'],
  ['bobi', 'bobl'],
  ['josé', 'jose'],
  ['ольга', 'olga'],
  ['a.b', 'ab'],
])('%s and %s do not', (a, b) => expect(lookAlike(a, b)).toBe(false));

test.each([
  'ольга',
  'Ελένη',
  'grace.hopper@example.com',
  '山田たろう',
  '김철수',
  'дмитрий-2',
  'x_1',
  'Łukasz',
])('a user name may be %s', (name) => expect(userName.parse(name)).toBe(name));

test.each(['аdmin', 'οmar', 'annа', 'bob山', 'たろうx'])(
  'a user name of two scripts is refused: %s',
  (name) => {
    expect(userName.safeParse(name).error?.issues[0]?.message).toContain('one script');
  },
);

test('a user name is kept in its plain form', () => {
  expect(userName.parse(' ａｄｍｉｎ ')).toBe('admin');
  expect(userName.parse('jose\u0301')).toBe('josé');
});
