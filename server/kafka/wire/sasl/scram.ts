// SASL SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677): proves the password without sending it, and makes the broker prove that it knows it, too.
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type PasswordCredentials, type SaslExchange, SaslRefused } from './exchange';

const derive = promisify(pbkdf2);

/** RFC 7677 asks for 4096 at least; Kafka's brokers refuse users with less, too. Above a million a hostile peer would only burn our CPU. */
export const MIN_ITERATIONS = 4_096;
export const MAX_ITERATIONS = 1_000_000;
const NONCE_BYTES = 24;
/** No channel binding. */
const GS2_HEADER = 'n,,';

type Keys = { salt: string; iterations: number; salted: Promise<Buffer> };
/** A user's salt stays the same until the password changes: signing in again costs no second derivation. */
const derived = new WeakMap<PasswordCredentials, Keys>();

export function scramExchange(
  credentials: PasswordCredentials,
  clientNonce = randomBytes(NONCE_BYTES).toString('base64'),
): SaslExchange {
  const hash = credentials.mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256';
  const firstBare = `n=${saslName(credentials.username)},r=${clientNonce}`;
  let serverSignature: Buffer | null = null;

  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text, 'utf8').digest();

  async function answer(serverFirst: string): Promise<Buffer> {
    const { nonce, salt, iterations } = readServerFirst(serverFirst, clientNonce);
    const salted = await saltedPassword(credentials, hash, salt, iterations);
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${nonce}`;
    const authMessage = `${firstBare},${serverFirst},${withoutProof}`;
    const clientKey = hmac(salted, 'Client Key');
    const storedKey = createHash(hash).update(clientKey).digest();
    const clientSignature = hmac(storedKey, authMessage);
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (clientSignature[i] as number)));
    serverSignature = hmac(hmac(salted, 'Server Key'), authMessage);
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`, 'utf8');
  }

  function verify(serverFinal: string, expected: Buffer): void {
    const fields = attributes(serverFinal);
    const error = fields.get('e');
    if (error !== undefined) throw new SaslRefused(`the broker answers ${printable(error)}`);
    const signature = Buffer.from(fields.get('v') ?? '', 'base64');
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new SaslRefused(
        'the broker could not prove that it knows this password: it may not be the cluster that it claims to be',
      );
  }

  return {
    first: () => Buffer.from(`${GS2_HEADER}${firstBare}`, 'utf8'),
    async next(challenge) {
      const text = challenge.toString('utf8');
      if (serverSignature === null) return answer(text);
      verify(text, serverSignature);
      return null;
    },
  };
}

function readServerFirst(
  text: string,
  clientNonce: string,
): { nonce: string; salt: Buffer; iterations: number } {
  const fields = attributes(text);
  if (fields.has('e')) throw new SaslRefused(`the broker answers ${printable(fields.get('e') ?? '')}`);
  if (fields.has('m'))
    throw new SaslRefused('the broker demands an extension of SCRAM that is not known here');
  const nonce = fields.get('r') ?? '';
  // Also longer: a broker that adds nothing of its own could be replaying.
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length)
    throw new SaslRefused('the broker does not continue our nonce: its answer is for another sign-in');
  const salt = Buffer.from(fields.get('s') ?? '', 'base64');
  if (salt.length === 0) throw new SaslRefused('the broker sends no salt');
  const given = fields.get('i') ?? '';
  const iterations = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (!(iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS))
    throw new SaslRefused(
      `the broker asks for ${printable(given)} iterations; ${MIN_ITERATIONS} to ${MAX_ITERATIONS} are accepted`,
    );
  return { nonce, salt, iterations };
}

function saltedPassword(
  credentials: PasswordCredentials,
  hash: 'sha256' | 'sha512',
  salt: Buffer,
  iterations: number,
): Promise<Buffer> {
  const known = derived.get(credentials);
  const text = salt.toString('base64');
  if (known?.salt === text && known.iterations === iterations) return known.salted;
  // As Kafka's own clients: UTF-8 without SASLprep.
  const salted = derive(
    Buffer.from(credentials.password, 'utf8'),
    salt,
    iterations,
    hash === 'sha512' ? 64 : 32,
    hash,
  );
  derived.set(credentials, { salt: text, iterations, salted });
  return salted;
}

/** RFC 5802 section 5.1: "=" and "," would end the field. */
function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function attributes(text: string): Map<string, string> {
  return new Map(
    text
      .split(',')
      .filter((part) => part[1] === '=')
      .map((part) => [part.slice(0, 1), part.slice(2)]),
  );
}

/** Of an unknown peer: short, and without control characters. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
