// Links between secured clusters under load: sessions that end every few seconds, other credentials while they run, and what is
// shown and mended when a password or a certificate is no longer good. About 40 s.
import { describe, expect, it } from 'vitest';
import { setScramUser } from '@/harness/access';
import type { KafkaCluster } from '@/harness/cluster';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest, SignIn } from '@/harness/link-under-test';
import type { SecuredListener } from '@/harness/security';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import type { ClusterSecurity } from '@/lib/contracts/cluster-security';

const MAX_REAUTH_MS = 2_000;
const security = {
  plainUsers: { alice: 'alice-secret' },
  scramUsers: { bob: 'bob-secret' },
  oauthClients: { carol: 'carol-secret' },
  tls: true,
  maxReauthMs: MAX_REAUTH_MS,
};
const source = suiteCluster({ name: 'secured-source', security });
const destination = suiteCluster({ name: 'secured-destination', security });
const THRESHOLD = 2;
const { link, same, traffic, transactions } = linkSuite({
  source,
  destination,
  name: 'secured',
  settings: { 'availability.check.ms': 1_000, 'availability.check.consecutive.failure.threshold': THRESHOLD },
});
/** Several times what it takes: the availability limit, the end of a session, and an attempt to connect. */
const NAMED_WITHIN_MS = 5 * (1_000 * THRESHOLD + MAX_REAUTH_MS + 5_000);

const at = (
  cluster: KafkaCluster,
  listener: SecuredListener,
  more: Omit<ClusterSecurity, 'protocol'>,
): SignIn => ({
  bootstrapServers: [cluster.security.bootstrap(listener)],
  security: { protocol: listener === 'MTLS' ? 'SSL' : listener, ...more },
});
const scram = (cluster: KafkaCluster, username: string, password: string) =>
  at(cluster, 'SASL_SSL', {
    sasl: { mechanism: 'SCRAM-SHA-512', username, password },
    tls: { ca: cluster.security.ca },
  });
const oauth = (cluster: KafkaCluster) =>
  at(cluster, 'SASL_SSL', {
    sasl: {
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: cluster.security.tokenServer.endpoint,
      tokenEndpointCa: cluster.security.ca,
      clientId: 'carol',
      clientSecret: 'carol-secret',
    },
    tls: { ca: cluster.security.ca },
  });
const mutualTls = async (cluster: KafkaCluster, validForMs?: number) => {
  const name = 'dave';
  const { cert, key } = await cluster.security.clientCertificate(
    validForMs ? { name, validForMs } : { name },
  );
  return at(cluster, 'MTLS', { tls: { ca: cluster.security.ca, cert, key } });
};

const held = (l: LinkUnderTest, topic: string) =>
  l.mirror(topic).partitions.reduce((sum, partition) => sum + partition.acked, 0n);

/** Looks at a mirror under traffic. @returns the longest time in which it stood still */
async function longestPause(l: LinkUnderTest, topic: string, forMs: number): Promise<number> {
  const end = performance.now() + forMs;
  let [before, movedAt, longest] = [held(l, topic), performance.now(), 0];
  await waitFor(
    'the time of looking to be over',
    () => {
      const [now, nowMs] = [held(l, topic), performance.now()];
      if (now !== before) {
        longest = Math.max(longest, nowMs - movedAt);
        [before, movedAt] = [now, nowMs];
      }
      return nowMs > end;
    },
    { everyMs: 2 },
  );
  return Math.max(longest, performance.now() - movedAt);
}

/** Nothing but coming up. */
const troubles = (l: LinkUnderTest) =>
  [
    ...l.events
      .filter(({ to }) => /FAILED|UNAVAILABLE|ERROR/.test(to))
      .map(({ to, message }) => `${to} ${message}`),
    ...l.logs.filter((line) => /^(warn|error)/.test(line)),
  ].filter(Boolean);

describe('links between secured clusters', () => {
  it('stay exact without a stall while sessions end every few seconds under load', async () => {
    const [scramToToken, mutual] = [uniqueName('scram-oauth'), uniqueName('mutual')];
    for (const topic of [scramToToken, mutual])
      await createTopic({ bootstrap: source().bootstrap, topic, partitions: 3 });
    const links = [
      link({
        topics: [scramToToken],
        signIn: { source: scram(source(), 'bob', 'bob-secret'), destination: oauth(destination()) },
      }),
      link({
        topics: [mutual],
        signIn: { source: await mutualTls(source()), destination: await mutualTls(destination()) },
      }),
    ] as const;
    const running = [
      await traffic({ records: { topic: scramToToken }, ratePerSecond: 1_000 }),
      await transactions(mutual, 200),
    ];
    await Promise.all(links.map((l) => l.caughtUp()));
    const overTwoMs = 2.3 * MAX_REAUTH_MS;
    const pauses = await Promise.all([
      longestPause(links[0], scramToToken, overTwoMs),
      longestPause(links[1], mutual, overTwoMs),
    ]);
    console.info(`longest pauses over two renewals: ${pauses.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
    // Neither stood still for all of it: a link that waits for a time limit of its own would.
    for (const ms of pauses) expect(ms).toBeLessThan(overTwoMs);
    await Promise.all(running.map((t) => t.stop()));
    for (const l of links) {
      await l.caughtUp();
      expect(troubles(l)).toEqual([]);
      expect(l.runner.state).toBe('ACTIVE');
    }
    expect((await same(scramToToken)).records).toBeGreaterThan(3_000);
    await same(mutual);
  });

  it('take other credentials while they run, and nobody notices', async () => {
    const topic = uniqueName('rotated');
    await createTopic({ bootstrap: source().bootstrap, topic, partitions: 3 });
    for (const cluster of [source(), destination()])
      await setScramUser({ bootstrap: cluster.bootstrap, user: 'frank', password: 'first-secret' });
    const signIn = (secret: string) => ({
      source: scram(source(), 'frank', secret),
      destination: scram(destination(), 'frank', secret),
    });
    const l = link({ topics: [topic], signIn: signIn('first-secret') });
    const running = await traffic({ records: { topic }, ratePerSecond: 2_000 });
    await l.caughtUp();
    const pausing = longestPause(l, topic, 1_500);
    for (const secret of ['second-secret', 'third-secret']) {
      for (const cluster of [source(), destination()])
        await setScramUser({ bootstrap: cluster.bootstrap, user: 'frank', password: secret });
      const changed = () => l.events.filter((e) => e.to === 'CREDENTIALS_CHANGED').length;
      const before = changed();
      l.change((desired) => {
        for (const side of ['source', 'destination'] as const)
          desired[side] = { ...desired[side], security: signIn(secret)[side].security };
      });
      await l.until('both ends are signed in to anew', () => changed() === before + 2);
    }
    console.info(`longest pause over two changes: ${(await pausing).toFixed(0)} ms`);
    // The session that the first password began would be over by now.
    await longestPause(l, topic, 1.2 * MAX_REAUTH_MS);
    await running.stop();
    await l.caughtUp();
    expect(troubles(l)).toEqual([]);
    expect((await same(topic)).records).toBeGreaterThan(3_000);
  });
});

describe('what a link shows and survives', () => {
  async function underTraffic(signIn: { source?: SignIn; destination?: SignIn }) {
    const topic = uniqueName('fault');
    await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
    const l = link({ topics: [topic], signIn });
    const running = await traffic({ records: { topic }, ratePerSecond: 500 });
    await l.caughtUp();
    return { topic, l, running };
  }

  /** Waits for state and error; the limit counts from when the connections were lost. */
  const named = (l: LinkUnderTest, message: RegExp) =>
    l.until(
      `the link says ${message}`,
      () => l.runner.error === 'AUTHENTICATION_ERROR' && message.test(l.runner.message ?? ''),
      NAMED_WITHIN_MS,
    );

  async function recovers(l: LinkUnderTest, topic: string, running: { stop(): Promise<unknown> }) {
    await l.until('the link is active again', () => l.runner.state === 'ACTIVE');
    await running.stop();
    await l.caughtUp();
    expect(l.mirror(topic).partitions.map((p) => p.mode)).toEqual(['RUNNING', 'RUNNING']);
    await same(topic);
  }

  it('a password that was changed elsewhere, until it is told the new one or gets the old one back', async () => {
    const fault = async (side: 'source' | 'destination') => {
      const cluster = side === 'source' ? source() : destination();
      const { bootstrap } = cluster;
      const user = `grace-${side}`;
      await setScramUser({ bootstrap, user, password: 'old-secret' });
      const { l, topic, running } = await underTraffic({ [side]: scram(cluster, user, 'old-secret') });
      await setScramUser({ bootstrap, user, password: 'new-secret' });
      await named(l, new RegExp(`of ${side} \\(.+: SCRAM-SHA-512 sign-in of ${user} failed`));
      expect(l.runner.state).toBe('FAILED');
      if (side === 'source')
        l.change((desired) => {
          desired[side] = { ...desired[side], security: scram(cluster, user, 'new-secret').security };
        });
      else await setScramUser({ bootstrap, user, password: 'old-secret' });
      await recovers(l, topic, running);
    };
    await Promise.all([fault('source'), fault('destination')]);
  });

  it('a token endpoint that is down past the end of a session, until it is back', async () => {
    const { tokenServer } = source().security;
    tokenServer.tokenLifetimeMs = 3_000;
    const { l, topic, running } = await underTraffic({ source: oauth(source()) });
    tokenServer.failure = { status: 503, body: '' };
    await named(l, /OAUTHBEARER sign-in of carol failed: the token endpoint https:.+ answers 503/);
    expect(l.runner.state).toBe('UNAVAILABLE');
    tokenServer.failure = null;
    await recovers(l, topic, running);
  });

  it('a certificate of the brokers that expired, until it is renewed', async () => {
    const { l, topic, running } = await underTraffic({ source: await mutualTls(source()) });
    await source().security.renewServerCertificates({ validForMs: -60_000 });
    // Connections that are open go on, until the network drops them.
    l.runner.context.source.drop(1);
    await named(l, /the broker's certificate.* has expired; renew it on the broker/);
    expect(l.runner.state).toBe('UNAVAILABLE');
    await source().security.renewServerCertificates();
    await recovers(l, topic, running);
  });

  it('a client certificate that expires while it runs, until it gets another one', async () => {
    const { l, topic, running } = await underTraffic({ destination: await mutualTls(destination()) });
    const { context } = l.runner;
    // Of those that are open, not one that must still be good when a link on a busy machine has begun.
    const validForMs = 5_000;
    const ending = await mutualTls(destination(), validForMs);
    const since = performance.now();
    l.change((desired) => {
      desired.destination = { ...desired.destination, security: ending.security };
    });
    await l.until('it is taken', () => l.events.some((e) => e.to === 'CREDENTIALS_CHANGED'));
    await waitFor('the certificate to be over', () => performance.now() - since > validForMs);
    expect(l.runner.state).toBe('ACTIVE');
    // As when the network drops them.
    context.destination.drop(1);
    await named(l, /the client certificate \(CN=dave\) expired on .+; renew it/);
    const renewed = await mutualTls(destination());
    l.change((desired) => {
      desired.destination = { ...desired.destination, security: renewed.security };
    });
    await recovers(l, topic, running);
  });
});
