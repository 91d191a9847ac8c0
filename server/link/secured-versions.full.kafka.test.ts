// Secured clusters of each release as source and as destination: signed in over TLS by a password and by a certificate, with ACLs in
// force, sessions that end, and an engine killed under load. About 30 s for each release.
import { describe, expect, it } from 'vitest';
import type { KafkaCluster } from '@/harness/cluster';
import { DEFAULT_KAFKA_VERSION } from '@/harness/kafka-distribution';
import { OTHER_KAFKA_VERSIONS } from '@/harness/kafka-versions';
import { linkSuite } from '@/harness/link-suite';
import type { SignIn } from '@/harness/link-under-test';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';

const MAX_REAUTH_MS = 3_000;
/** KRaft has SCRAM since 3.5, brokers check signed tokens since 3.1. */
const features = (version: string) => ({ scram: version !== '3.3.2', oauth: version !== '3.0.2' });

const securityOf = (version: string) => ({
  authorizer: true,
  superUsers: ['User:link', 'User:carol'],
  plainUsers: { link: 'link-secret' },
  ...(features(version).scram ? { scramUsers: { link: 'scram-secret' } } : {}),
  ...(features(version).oauth ? { oauthClients: { carol: 'carol-secret' } } : {}),
  tls: true,
  maxReauthMs: MAX_REAUTH_MS,
});

/** The strongest way to sign in that the release has, and mutual TLS. */
async function waysInto(cluster: KafkaCluster, version: string): Promise<Record<string, SignIn>> {
  const { security } = cluster;
  const tls = { ca: security.ca };
  const overTls = (sasl: NonNullable<SignIn['security']['sasl']>): SignIn => ({
    bootstrapServers: [security.bootstrap('SASL_SSL')],
    security: { protocol: 'SASL_SSL', sasl, tls },
  });
  const byPassword = features(version).scram
    ? overTls({ mechanism: 'SCRAM-SHA-512', username: 'link', password: 'scram-secret' })
    : overTls({ mechanism: 'PLAIN', username: 'link', password: 'link-secret' });
  const mutual: SignIn = {
    bootstrapServers: [security.bootstrap('MTLS')],
    security: { protocol: 'SSL', tls: { ...tls, ...(await security.clientCertificate({ name: 'link' })) } },
  };
  if (!features(version).oauth) return { byPassword, mutual };
  const byToken = overTls({
    mechanism: 'OAUTHBEARER',
    tokenEndpoint: security.tokenServer.endpoint,
    tokenEndpointCa: security.ca,
    clientId: 'carol',
    clientSecret: 'carol-secret',
  });
  return { byPassword, mutual, byToken };
}

describe.each(OTHER_KAFKA_VERSIONS)('Kafka %s, secured', (version) => {
  const newest = suiteCluster({ name: 'secured', security: securityOf(DEFAULT_KAFKA_VERSION) });
  const other = suiteCluster({ name: `secured-${version}`, version, security: securityOf(version) });

  for (const role of ['source', 'destination'] as const) {
    const [source, destination] = role === 'source' ? [other, newest] : [newest, other];
    describe(`as ${role}`, () => {
      const { link, engine, same, traffic, transactions } = linkSuite({
        source,
        destination,
        name: 'secured',
      });

      it('is mirrored exactly by every way to sign in, over sessions that end', async () => {
        const ways = await waysInto(other(), version);
        const [near] = Object.values(await waysInto(newest(), DEFAULT_KAFKA_VERSION));
        const topics = Object.keys(ways).map((way) => uniqueName(way));
        for (const topic of topics)
          await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
        const links = Object.values(ways).map((way, i) => {
          const signIn =
            role === 'source' ? { source: way, destination: near } : { source: near, destination: way };
          return link({
            topics: [topics[i] as string],
            signIn: signIn as { source: SignIn; destination: SignIn },
          });
        });
        const running = await Promise.all(
          topics.map((topic) => traffic({ records: { topic, keys: 20, headers: 1 }, ratePerSecond: 300 })),
        );
        const since = performance.now();
        for (const l of links)
          await l.until(
            'two sessions are over',
            () => l.runner.state === 'ACTIVE' && performance.now() - since > 2.2 * MAX_REAUTH_MS,
          );
        await Promise.all(running.map((t) => t.stop()));
        for (const [i, l] of links.entries()) {
          await l.caughtUp();
          expect(l.events.filter(({ to }) => /FAILED|UNAVAILABLE/.test(to))).toEqual([]);
          expect((await same(topics[i] as string)).records).toBeGreaterThan(1_000);
        }
      });

      it('stays exact when the engine is killed under load', async () => {
        const topic = uniqueName('killed');
        await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
        const { byPassword } = await waysInto(other(), version);
        // Brokers before 3.4 answer pipelined requests over TLS up to 300 ms late.
        const running = await transactions(topic, ['3.3.2', '3.0.2'].includes(version) ? 10 : 300);
        const e = engine({
          topics: [topic],
          signIn: { [role]: byPassword as SignIn },
          tuning: { unknownFateWaitMs: 500 },
        });
        for (let round = 0; round < 3; round++) {
          e.start();
          await e.goesOn(10);
          await e.kill();
        }
        await running.stop();
        e.start();
        await e.caughtUp();
        await same(topic);
      });
    });
  }
});
