// Secured clusters of the harness, release by release: each way in lets the right one in and nobody else, ACLs hold, and
// certificates and passwords change while brokers run. About 10 s for each release.
import { connect as connectTls } from 'node:tls';
import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { addAcls, deleteScramUser, listAcls, removeAcls, setScramUser } from './access';
import { DEFAULT_KAFKA_VERSION } from './kafka-distribution';
import { OTHER_KAFKA_VERSIONS } from './kafka-versions';
import type { SecuredListener } from './security';
import { suiteCluster } from './test-clusters';
import { createTopic } from './topics';
import { waitFor } from './wait-for';

const versions = [DEFAULT_KAFKA_VERSION, ...OTHER_KAFKA_VERSIONS];

describe.each(versions)('Kafka %s', (version) => {
  const scram = !['3.3.2'].includes(version);
  const oauth = version !== '3.0.2';
  const cluster = suiteCluster({
    name: `secured-${version}`,
    version,
    security: {
      authorizer: true,
      superUsers: ['User:admin'],
      plainUsers: { admin: 'admin-secret', alice: 'alice-secret' },
      tls: true,
      ...(scram ? { scramUsers: { bob: 'bob-secret' } } : {}),
      ...(oauth ? { oauthClients: { carol: 'carol-secret' } } : {}),
    },
  });

  /** The error's text, or null when the client got in and saw the cluster. */
  async function tried(listener: SecuredListener, more: Partial<KafkaConfig>): Promise<string | null> {
    const kafka = new Kafka({
      brokers: [cluster().security.bootstrap(listener)],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
      ...more,
    });
    const admin = kafka.admin();
    try {
      await admin.connect();
      expect((await admin.describeCluster()).clusterId).toBe(cluster().clusterId);
      return null;
    } catch (error) {
      return String(error);
    } finally {
      await admin.disconnect();
    }
  }
  const ssl = () => ({ ca: cluster().security.ca });
  const plain = (username: string, password: string) => ({
    sasl: { mechanism: 'plain' as const, username, password },
  });

  it('lets the right ones in with PLAIN, in the clear and with TLS', async () => {
    expect(await tried('SASL_PLAINTEXT', plain('alice', 'alice-secret'))).toBeNull();
    expect(await tried('SASL_SSL', { ...plain('alice', 'alice-secret'), ssl: ssl() })).toBeNull();
    expect(await tried('SASL_PLAINTEXT', plain('alice', 'wrong'))).toMatch(/[Aa]uthentication/);
    expect(await tried('SASL_SSL', { ...plain('alice', 'alice-secret'), ssl: {} })).toMatch(/certificate/);
  });

  it.skipIf(!scram)('knows SCRAM users, changes their passwords, and forgets them', async () => {
    const { bootstrap } = cluster();
    const sasl = (password: string, size: 256 | 512 = 512) => ({
      sasl: { mechanism: `scram-sha-${size}` as const, username: 'bob', password } as KafkaConfig['sasl'],
    });
    expect(await tried('SASL_PLAINTEXT', sasl('bob-secret', 256))).toBeNull();
    expect(await tried('SASL_SSL', { ...sasl('bob-secret'), ssl: ssl() })).toBeNull();
    await setScramUser({ bootstrap, user: 'bob', password: 'other-secret' });
    expect(await tried('SASL_PLAINTEXT', sasl('bob-secret'))).toMatch(/[Aa]uthentication/);
    expect(await tried('SASL_PLAINTEXT', sasl('other-secret'))).toBeNull();
    await deleteScramUser({ bootstrap, user: 'bob' });
    expect(await tried('SASL_PLAINTEXT', sasl('other-secret'))).toMatch(/[Aa]uthentication/);
  });

  it.skipIf(!oauth)('takes tokens that are signed and not expired', async () => {
    const { tokenServer } = cluster().security;
    const sasl = (value: string) => ({
      sasl: { mechanism: 'oauthbearer' as const, oauthBearerProvider: async () => ({ value }) },
    });
    expect(await tried('SASL_PLAINTEXT', sasl(tokenServer.token('carol')))).toBeNull();
    expect(await tried('SASL_PLAINTEXT', sasl(tokenServer.token('carol', -120_000)))).toMatch(
      /invalid_token/,
    );
  });

  it('takes client certificates of its CA, and no others', async () => {
    const { security } = cluster();
    const good = await security.clientCertificate({ name: 'dave' });
    const expired = await security.clientCertificate({ name: 'dave', validForMs: -60_000 });
    expect(await tried('MTLS', { ssl: { ...ssl(), ...good } })).toBeNull();
    expect(await tried('MTLS', { ssl: { ...ssl(), ...expired } })).toMatch(/certificate/);
    expect(await tried('MTLS', { ssl: ssl() })).toMatch(/certificate|closed|handshake/i);
    expect(await tried('SSL', { ssl: ssl() })).toBeNull();
  });

  it('enforces ACLs, also those that are added and removed while it runs', async () => {
    const { bootstrap, security } = cluster();
    await createTopic({ bootstrap, topic: 'guarded' });
    const kafka = new Kafka({
      brokers: [security.bootstrap('SASL_PLAINTEXT')],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
      ...plain('alice', 'alice-secret'),
    });
    const admin = kafka.admin();
    await admin.connect();
    const acls = [
      {
        principal: 'User:alice',
        resourceType: 'TOPIC',
        resourceName: 'guarded',
        operation: 'DESCRIBE',
      } as const,
    ];
    const sees = async () => (await admin.listTopics()).includes('guarded');
    expect(await sees()).toBe(false);
    await addAcls({ bootstrap, acls });
    await waitFor('alice to see the topic', sees);
    expect(await listAcls({ bootstrap })).toEqual([
      { ...acls[0], patternType: 'LITERAL', permission: 'ALLOW', host: '*' },
    ]);
    await removeAcls({ bootstrap, acls });
    await waitFor('alice to see it no more', async () => !(await sees()));
    await admin.disconnect();
  });

  it.skipIf(version === '3.0.2')('shows other certificates while it runs', async () => {
    const { security } = cluster();
    const expiry = () =>
      new Promise<number>((resolve, reject) => {
        const port = Number(security.bootstrap('SSL').split(':')[1]);
        const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
          resolve(Date.parse(socket.getPeerCertificate().valid_to));
          socket.destroy();
        });
        socket.once('error', reject);
      });
    expect(await expiry()).toBeGreaterThan(Date.now());
    await security.renewServerCertificates({ validForMs: -60_000 });
    await waitFor('the expired certificate', async () => (await expiry()) < Date.now());
    expect(await tried('SSL', { ssl: ssl() })).toMatch(/expired/);
    await security.renewServerCertificates();
    await waitFor('the renewed certificate', async () => (await expiry()) > Date.now());
    expect(await tried('SSL', { ssl: ssl() })).toBeNull();
  });
});
