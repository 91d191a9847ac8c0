import { hash } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { Passwords } from './passwords';

const passwords = new Passwords();

test('a password is kept as argon2id with a salt of its own, and only it fits', async () => {
  const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  expect(one).not.toBe(two);
  expect(await passwords.verify(one, 'correct horse')).toBe(true);
  expect(await passwords.verify(one, 'Correct horse')).toBe(false);
});

test('the same characters fit in whatever form a keyboard sends them', async () => {
  const stored = await passwords.hash('Zürich\u00a0ﬁne');
  expect(await passwords.verify(stored, 'Zu\u0308rich fine')).toBe(true);
});

test('nobody’s password fits nothing, and costs the time of a hash', async () => {
  const spy: number[] = [];
  for (const stored of [null, await passwords.hash('correct horse')]) {
    const startedAt = performance.now();
    expect(await passwords.verify(stored, 'wrong')).toBe(false);
    spy.push(performance.now() - startedAt);
  }
  // Far from exact on a busy machine; without the hash the first would take less than a hundredth.
  expect(spy[0]).toBeGreaterThan(spy[1]! / 10);
});

test('hashes of other parameters are made anew', async () => {
  expect(passwords.isOutdated(await passwords.hash('correct horse'))).toBe(false);
  expect(passwords.isOutdated(await hash('correct horse', { memoryCost: 8192, timeCost: 1 }))).toBe(true);
});

test('no more than two are worked on at a time, and a failure lets the next one in', async () => {
  const broken = Array.from({ length: 3 }, () => passwords.verify('no hash', 'x').catch(() => 'failed'));
  expect(await Promise.all(broken)).toEqual(['failed', 'failed', 'failed']);
  expect(await passwords.verify(await passwords.hash('correct horse'), 'correct horse')).toBe(true);
});
