import { describe, expect, it } from 'vitest';
import { consoleClusterSecurity } from '@/lib/contracts/cluster-security';
import { readSourceSecurity, refusedSecurityKey } from './source-security';

const SECURITY = 'org.apache.kafka.common.security';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUAA==\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEA\n-----END PRIVATE KEY-----\n';

/** As the contract takes it. */
const read = (configs: Record<string, string>) =>
  consoleClusterSecurity.parse(readSourceSecurity(new Map(Object.entries(configs))));
const refusal = (configs: Record<string, string>): string => {
  try {
    read(configs);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was taken.');
};

describe('how to sign in to a source', () => {
  it.each(['SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'reads %s, with quotes and backslashes in the password',
    (mechanism) => {
      const jaas = `${SECURITY}.scram.ScramLoginModule required username="lb" password="s\\"3\\\\cret;";`;
      const security = read({
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': mechanism,
        'sasl.jaas.config': jaas,
      });
      expect(security).toEqual({
        protocol: 'SASL_SSL',
        sasl: { mechanism, username: 'lb', password: 's"3\\cret;' },
      });
    },
  );

  it('reads OAUTHBEARER from the options of its login module', () => {
    expect(
      read({
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.oauthbearer.token.endpoint.url': 'https://login.example.com/token',
        'sasl.login.callback.handler.class': `${SECURITY}.oauthbearer.secured.OAuthBearerLoginCallbackHandler`,
        'sasl.jaas.config': `${SECURITY}.oauthbearer.OAuthBearerLoginModule required clientId='lb' clientSecret='s3cret' scope='kafka' extension_logicalCluster='lkc-1' extension_identityPoolId='pool-2';`,
      }).sasl,
    ).toEqual({
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: 'https://login.example.com/token',
      clientId: 'lb',
      clientSecret: 's3cret',
      scope: 'kafka',
      extensions: { logicalCluster: 'lkc-1', identityPoolId: 'pool-2' },
    });
  });

  it('reads OAUTHBEARER from the configs of newer clients', () => {
    const credentials = 'sasl.oauthbearer.client.credentials';
    expect(
      read({
        'security.protocol': 'SASL_PLAINTEXT',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.oauthbearer.token.endpoint.url': 'http://127.0.0.1:8080/token',
        [`${credentials}.client.id`]: 'lb',
        [`${credentials}.client.secret`]: 's3cret',
        'sasl.oauthbearer.scope': 'kafka',
      }).sasl,
    ).toMatchObject({ clientId: 'lb', clientSecret: 's3cret', scope: 'kafka' });
  });

  it('reads certificates and keys as PEM text, also on one line', () => {
    const oneLine = (pem: string) => pem.trim().replaceAll('\n', ' ');
    const tls = {
      'security.protocol': 'SSL',
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': oneLine(CERTIFICATE) + oneLine(CERTIFICATE),
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': CERTIFICATE.replaceAll('\n', '\\n'),
      'ssl.keystore.key': oneLine(KEY),
      'ssl.key.password': 's3cret',
      'ssl.endpoint.identification.algorithm': 'https',
    };
    expect(read(tls).tls).toEqual({
      ca: CERTIFICATE + CERTIFICATE,
      cert: CERTIFICATE,
      key: KEY,
      keyPassword: 's3cret',
    });
  });

  it.each([
    ['files of our machine', { 'ssl.truststore.location': '/etc/x' }, null],
    [
      'an unknown mechanism',
      { 'sasl.mechanism': 'GSSAPI', 'sasl.jaas.config': 'x' },
      /sasl.mechanism must be one of PLAIN/,
    ],
    [
      'the login module of another mechanism',
      {
        'sasl.mechanism': 'SCRAM-SHA-256',
        'sasl.jaas.config': `${SECURITY}.plain.PlainLoginModule required username="a" password="s3cret";`,
      },
      /ScramLoginModule required username/,
    ],
    [
      'a text that is no JAAS config',
      { 'sasl.jaas.config': 'password="s3cret"' },
      /sasl.jaas.config must be/,
    ],
    [
      'a class of ours to load',
      {
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.oauthbearer.token.endpoint.url': 'https://x/t',
        'sasl.login.callback.handler.class': 'com.example.Mine',
      },
      /cannot be loaded/,
    ],
    [
      'a token endpoint in the clear',
      {
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.oauthbearer.token.endpoint.url': 'http://login.example.com/token',
        'sasl.jaas.config': `${SECURITY}.oauthbearer.OAuthBearerLoginModule required clientId="a" clientSecret="s3cret";`,
      },
      /must be https/,
    ],
    ['a key store of Java', { 'ssl.keystore.type': 'JKS' }, /must be PEM/],
    ['host names that are not checked', { 'ssl.endpoint.identification.algorithm': '' }, /always checked/],
  ])('refuses %s, without repeating a secret', (_, configs: Record<string, string>, message) => {
    if (message === null)
      expect(refusedSecurityKey(Object.keys(configs)[0] ?? '')).toContain('ssl.truststore.certificates');
    else {
      expect(refusal(configs)).toMatch(message);
      expect(refusal(configs)).not.toContain('s3cret');
    }
  });
});
