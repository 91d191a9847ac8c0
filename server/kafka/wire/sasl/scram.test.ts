import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SaslRefused } from './exchange';
import { scramExchange } from './scram';

const user = () => ({ mechanism: 'SCRAM-SHA-256' as const, username: 'user', password: 'pencil' });
const NONCE = 'rOprNGfwEbeRWgbNEkqO';
const SERVER_NONCE = `${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`;
const SERVER_FIRST = `r=${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const bytes = (text: string) => Buffer.from(text, 'utf8');

/** What a broker that knows the password answers: the other side of the RFC, written down on its own. */
function serverFinal(
  hash: 'sha256' | 'sha512',
  password: string,
  first: string,
  server: string,
  final: string,
) {
  const [, salt = '', iterations = ''] = /s=([^,]+),i=(\d+)/.exec(server) ?? [];
  const salted = pbkdf2Sync(
    password,
    Buffer.from(salt, 'base64'),
    Number(iterations),
    hash === 'sha512' ? 64 : 32,
    hash,
  );
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const message = `${first.slice(3)},${server},${final.replace(/,p=.*$/, '')}`;
  const proof = Buffer.from(/p=(.*)$/.exec(final)?.[1] ?? '', 'base64');
  const storedKey = createHash(hash).update(hmac(salted, 'Client Key')).digest();
  const signature = hmac(storedKey, message);
  const clientKey = Buffer.from(proof.map((byte, i) => byte ^ (signature[i] as number)));
  return {
    accepted: createHash(hash).update(clientKey).digest().equals(storedKey),
    final: `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`,
  };
}

describe('SCRAM', () => {
  it('says what RFC 7677 says in its example', async () => {
    const exchange = scramExchange(user(), NONCE);
    expect(exchange.first().toString()).toBe(`n,,n=user,r=${NONCE}`);
    const final = await exchange.next(bytes(SERVER_FIRST));
    expect(final?.toString()).toBe(`c=biws,r=${SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`);
    expect(await exchange.next(bytes('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='))).toBeNull();
  });

  it('does so with SHA-512 as well, with names and passwords of any characters', async () => {
    const credentials = { mechanism: 'SCRAM-SHA-512' as const, username: 'a=b,c', password: 'pä$$,=wörd' };
    const exchange = scramExchange(credentials, 'nonce');
    const first = exchange.first().toString();
    expect(first).toBe('n,,n=a=3Db=2Cc,r=nonce');
    const server = `r=nonceX,s=${Buffer.from('salt').toString('base64')},i=8192`;
    const final = (await exchange.next(bytes(server)))?.toString() ?? '';
    const answer = serverFinal('sha512', credentials.password, first, server, final);
    expect(answer.accepted).toBe(true);
    expect(await exchange.next(bytes(answer.final))).toBeNull();
  });

  it('does not believe a broker that cannot prove that it knows the password', async () => {
    for (const final of ['v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=', 'v=', '', 'x=1']) {
      const exchange = scramExchange(user(), NONCE);
      await exchange.next(bytes(SERVER_FIRST));
      await expect(exchange.next(bytes(final))).rejects.toThrow(/could not prove/);
    }
    const refused = scramExchange(user(), NONCE);
    await refused.next(bytes(SERVER_FIRST));
    await expect(refused.next(bytes('e=invalid-proof'))).rejects.toThrow(/"invalid-proof"/);
  });

  it.each([
    ['a nonce that is not ours', 'r=other,s=c2FsdA==,i=4096', /nonce/],
    ['our own nonce alone', `r=${NONCE},s=c2FsdA==,i=4096`, /nonce/],
    ['no nonce', 's=c2FsdA==,i=4096', /nonce/],
    ['no salt', `r=${SERVER_NONCE},i=4096`, /no salt/],
    ['too few iterations', `r=${SERVER_NONCE},s=c2FsdA==,i=4095`, /"4095" iterations/],
    ['so many that they only burn our CPU', `r=${SERVER_NONCE},s=c2FsdA==,i=1000001`, /"1000001" iterations/],
    ['iterations that are no number', `r=${SERVER_NONCE},s=c2FsdA==,i=1e5`, /iterations/],
    ['no iterations', `r=${SERVER_NONCE},s=c2FsdA==`, /iterations/],
    ['a mandatory extension', `m=x,r=${SERVER_NONCE},s=c2FsdA==,i=4096`, /extension/],
    ['an error', 'e=unknown-user', /"unknown-user"/],
    ['nothing', '', /nonce/],
  ])('refuses %s', async (_, first, message) => {
    const refusal = scramExchange(user(), NONCE).next(bytes(first));
    await expect(refusal).rejects.toThrow(SaslRefused);
    await expect(refusal).rejects.toThrow(message);
  });

  it('makes another nonce for each sign-in', () => {
    expect(scramExchange(user()).first()).not.toEqual(scramExchange(user()).first());
  });

  it('derives the salted password again once the salt is another one', async () => {
    const credentials = user();
    const proofs = new Set<string | undefined>();
    for (const salt of ['c2FsdA==', 'c2FsdA==', 'b3RoZXI='])
      proofs.add((await scramExchange(credentials, 'n').next(bytes(`r=n1,s=${salt},i=4096`)))?.toString());
    expect(proofs.size).toBe(2);
  });
});
