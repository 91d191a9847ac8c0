import { describe, expect, it } from 'vitest';
import { clusterConfig, consoleClusterConfig, secretPaths } from './cluster';
import { clusterSecurity, consoleClusterSecurity } from './cluster-security';

const CERT = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----';
const oauth = {
  mechanism: 'OAUTHBEARER',
  tokenEndpoint: 'https://login.example/token',
  clientId: 'a',
  clientSecret: 'b',
};
const refusal = (schema: typeof clusterSecurity | typeof consoleClusterSecurity, value: unknown) =>
  schema
    .safeParse(value)
    .error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    .join('; ') ?? 'taken';

describe('how a cluster is signed in to', () => {
  it('takes every mechanism with what belongs to it', () => {
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])
      expect(
        refusal(clusterSecurity, { protocol: 'SASL_SSL', sasl: { mechanism, username: 'u', password: 'p' } }),
      ).toBe('taken');
    expect(refusal(clusterSecurity, { protocol: 'SASL_PLAINTEXT', sasl: oauth })).toBe('taken');
    expect(
      refusal(clusterSecurity, {
        protocol: 'SSL',
        tls: { ca: CERT, cert: CERT, key: KEY, keyPassword: 'p' },
      }),
    ).toBe('taken');
  });

  it.each([
    [
      'an unknown mechanism',
      { protocol: 'SASL_SSL', sasl: { mechanism: 'GSSAPI' } },
      /Choose one of the mechanisms PLAIN, SCRAM/,
    ],
    ['fields of another mechanism', { protocol: 'SASL_SSL', sasl: { ...oauth, password: 'p' } }, /password/],
    ['SASL without a mechanism', { protocol: 'SASL_SSL' }, /needs sasl.mechanism/],
    ['SASL that has no effect', { protocol: 'SSL', sasl: oauth }, /no effect/],
    [
      'a secret sent in the clear',
      { protocol: 'SASL_SSL', sasl: { ...oauth, tokenEndpoint: 'http://login.example/token' } },
      /must be https/,
    ],
    [
      'an address that is none',
      { protocol: 'SASL_SSL', sasl: { ...oauth, tokenEndpoint: 'login' } },
      /whole address/,
    ],
    [
      'an extension that is the token',
      { protocol: 'SASL_SSL', sasl: { ...oauth, extensions: { auth: 'x' } } },
      /token itself/,
    ],
    ['a certificate without its key', { protocol: 'SSL', tls: { cert: CERT } }, /needs its private key/],
    ['a key without its certificate', { protocol: 'SSL', tls: { key: KEY } }, /needs its client certificate/],
    ['the same twice', { protocol: 'SSL', tls: { ca: CERT, caFile: 'ca.pem' } }, /ca or caFile, not both/],
    ['text that is no certificate', { protocol: 'SSL', tls: { ca: 'MIIB' } }, /BEGIN CERTIFICATE/],
    [
      'a certificate in place of a key',
      { protocol: 'SSL', tls: { cert: CERT, key: CERT } },
      /BEGIN PRIVATE KEY/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(refusal(clusterSecurity, value)).toMatch(message);
  });

  it('allows plain http to this machine only', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(
        refusal(clusterSecurity, {
          protocol: 'SASL_SSL',
          sasl: { ...oauth, tokenEndpoint: `http://${host}:8/t` },
        }),
      ).toBe('taken');
    expect(
      refusal(clusterSecurity, {
        protocol: 'SASL_SSL',
        sasl: { ...oauth, tokenEndpoint: 'http://127.0.0.1.evil.example/t' },
      }),
    ).toMatch(/must be https/);
  });

  it('takes no path of this machine from the console, and says what to do instead', () => {
    for (const [name, instead] of [
      ['caFile', 'ca'],
      ['certFile', 'cert'],
      ['keyFile', 'key'],
    ] as const) {
      expect(
        refusal(clusterSecurity, { protocol: 'SSL', tls: { caFile: 'a', certFile: 'b', keyFile: 'c' } }),
      ).toBe('taken');
      expect(refusal(consoleClusterSecurity, { protocol: 'SSL', tls: { [name]: '/etc/passwd' } })).toContain(
        `tls.${name}: Files are read only where landbridge.yaml names them. Paste the PEM text into ${instead}.`,
      );
    }
    const file = { protocol: 'SASL_SSL', sasl: { ...oauth, tokenEndpointCaFile: '/etc/passwd' } };
    expect(refusal(consoleClusterSecurity, file)).toContain('tokenEndpointCa');
  });

  it('says where every secret is', () => {
    const config = {
      name: 'x',
      bootstrapServers: ['h:1'],
      security: { protocol: 'SASL_SSL', sasl: oauth, tls: { cert: CERT, key: KEY, keyPassword: 'p' } },
    };
    expect(consoleClusterConfig.safeParse(config).success).toBe(true);
    const found = secretPaths.map((path) =>
      path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], clusterConfig.parse(config)),
    );
    expect(found).toEqual([undefined, 'b', KEY, 'p']);
  });
});
