// Every way to sign in to real brokers, every way to be refused, and sessions that end within seconds while requests flow.
import { describe, expect, it } from 'vitest';
import { setScramUser } from '@/harness/access';
import { TestCa } from '@/harness/certificates';
import type { SecuredListener } from '@/harness/security';
import { suiteCluster } from '@/harness/test-clusters';
import { waitFor } from '@/harness/wait-for';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { clusterConfig } from '@/lib/contracts/cluster';
import type { ClusterSecurity } from '@/lib/contracts/cluster-security';
import { ClusterAdmin } from '../admin';
import { clientFor, wireSecurity } from '../security';
import { metadata } from './apis/metadata';
import { Connection } from './connection';
import { ConnectError, ConnectionLostError, type KafkaError } from './errors';

const MAX_REAUTH_MS = 2_000;
const cluster = suiteCluster({
  name: 'sign-in',
  security: {
    plainUsers: { alice: 'alice-secret' },
    scramUsers: { bob: 'bob-secret', 'b=o,b': 'päss,=word' },
    oauthClients: { carol: 'carol:secret/+' },
    tls: true,
    maxReauthMs: MAX_REAUTH_MS,
  },
});

const config = (listener: SecuredListener, security: Partial<ClusterSecurity>): ClusterConfig =>
  clusterConfig.parse({
    name: 'east',
    bootstrapServers: [cluster().security.bootstrap(listener)],
    security: { protocol: listener === 'MTLS' ? 'SSL' : listener, ...security },
  });
const password = (
  mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
  username: string,
  secret: string,
) => ({
  sasl: { mechanism, username, password: secret },
});
const oauth = (clientSecret = 'carol:secret/+') => ({
  sasl: {
    mechanism: 'OAUTHBEARER' as const,
    tokenEndpoint: cluster().security.tokenServer.endpoint,
    tokenEndpointCa: cluster().security.ca,
    clientId: 'carol',
    clientSecret,
    scope: 'kafka',
    extensions: { logicalCluster: 'lkc-1' },
  },
});
const ca = () => ({ tls: { ca: cluster().security.ca } });

function open(wanted: ClusterConfig): Promise<Connection> {
  const [host = '', port] = (wanted.bootstrapServers[0] as string).split(':');
  return Connection.open({
    host,
    port: Number(port),
    label: 'broker 1 of east',
    security: wireSecurity(wanted),
    clientId: 'sign-in-test',
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 5_000,
    maxFrameBytes: 64 * 1024 * 1024,
    pool: null,
  });
}
const done = (connection: Connection) => connection.destroy(new ConnectionLostError('test', 'done'));

async function refusal(wanted: ClusterConfig): Promise<ConnectError> {
  const error = await open(wanted).then(
    (connection) => {
      done(connection);
      return null;
    },
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ConnectError);
  expect((error as Error).message).not.toMatch(/-secret|carol:secret/);
  return error as ConnectError;
}

describe('ways to sign in', () => {
  it('lets in with each mechanism, in the clear and with TLS, the data and the control client', async () => {
    const mutual = await cluster().security.clientCertificate({ name: 'dave' });
    const ways = [
      config('SASL_PLAINTEXT', password('PLAIN', 'alice', 'alice-secret')),
      config('SASL_PLAINTEXT', password('SCRAM-SHA-256', 'bob', 'bob-secret')),
      config('SASL_SSL', { ...password('SCRAM-SHA-512', 'bob', 'bob-secret'), ...ca() }),
      config('SASL_PLAINTEXT', password('SCRAM-SHA-256', 'b=o,b', 'päss,=word')),
      config('SASL_SSL', { ...oauth(), ...ca() }),
      config('SSL', ca()),
      config('MTLS', { tls: { ...ca().tls, cert: mutual.cert, key: mutual.key } }),
    ];
    for (const way of ways) {
      const client = clientFor(way, 'sign-in-test');
      expect((await client.metadata([])).clusterId).toBe(cluster().clusterId);
      client.close();
      const admin = new ClusterAdmin(way, 'sign-in-test');
      expect(await admin.brokerConfig(1, 'num.io.threads')).toBe('4');
      await admin.close();
    }
    expect(cluster().security.tokenServer.lastForm?.get('scope')).toBe('kafka');
  });

  it('asks for one token for all connections', async () => {
    const { tokenServer } = cluster().security;
    const before = tokenServer.requests;
    const wanted = config('SASL_PLAINTEXT', { sasl: { ...oauth().sasl, scope: 'other' } });
    for (const connection of await Promise.all([1, 2, 3].map(() => open(wanted)))) done(connection);
    expect(tokenServer.requests).toBe(before + 1);
  });
});

describe('refusals', () => {
  it('name the mechanism, the user and the broker', async () => {
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
      const error = await refusal(config('SASL_PLAINTEXT', password(mechanism, 'bob', 'wrong')));
      expect(error).toMatchObject({ stage: 'SASL', retriable: false });
      expect(error.message).toMatch(
        new RegExp(`^broker 1 of east \\(127.0.0.1:\\d+\\): ${mechanism} sign-in of bob failed`),
      );
    }
  });

  it('name the token endpoint when it says no, and when it is down', async () => {
    const { tokenServer } = cluster().security;
    const wrong = await refusal(config('SASL_PLAINTEXT', oauth('wrong')));
    expect(wrong).toMatchObject({ stage: 'SASL', retriable: false });
    expect(wrong.message).toMatch(
      /token endpoint https:\/\/localhost:\d+\/token answers 401 invalid_client \(unknown client carol\)/,
    );
    tokenServer.failure = { status: 503, body: 'down' };
    const down = await refusal(config('SASL_PLAINTEXT', { sasl: { ...oauth().sasl, scope: 'down' } }));
    tokenServer.failure = null;
    expect(down).toMatchObject({ stage: 'SASL', retriable: true });
    expect(down.message).toContain('answers 503');
    const untrusted = { ...oauth().sasl, tokenEndpointCa: (await TestCa.create()).pem };
    expect(await refusal(config('SASL_PLAINTEXT', { sasl: untrusted }))).toMatchObject({
      stage: 'SASL',
      retriable: true,
    });
  });

  it("show the broker's reason for a token that it does not take, and not the token", async () => {
    const { tokenServer } = cluster().security;
    tokenServer.tokenLifetimeMs = -60_000;
    const token = tokenServer.token('carol');
    tokenServer.failure = {
      status: 200,
      body: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 9 }),
    };
    const error = await refusal(config('SASL_PLAINTEXT', { sasl: { ...oauth().sasl, scope: 'expired' } }));
    tokenServer.failure = null;
    tokenServer.tokenLifetimeMs = 3_600_000;
    expect(error).toMatchObject({ stage: 'SASL', retriable: false });
    expect(error.message).toContain('invalid_token');
    expect(error.message).not.toContain(token.slice(0, 20));
  });

  it('say what to do about certificates', async () => {
    const { security } = cluster();
    const trusted = ca().tls;
    const [expired, foreign, good] = [
      await security.clientCertificate({ name: 'dave', validForMs: -60_000 }),
      await (await TestCa.create('another CA')).issueClient({ name: 'dave' }),
      await security.clientCertificate({ name: 'dave' }),
    ];
    const cases: [SecuredListener, ClusterSecurity['tls'], RegExp][] = [
      ['SSL', undefined, /CA that is not trusted here; give that CA's certificate as tls.ca/],
      [
        'SSL',
        { ...trusted, serverName: 'kafka.example' },
        /not for kafka.example: it names DNS:localhost, IP Address:127.0.0.1/,
      ],
      ['MTLS', trusted, /client certificate/],
      ['MTLS', { ...trusted, ...expired }, /the client certificate \(CN=dave\) expired on .+; renew it/],
      ['MTLS', { ...trusted, ...foreign }, /client certificate/],
      [
        'MTLS',
        { ...trusted, cert: good.cert, key: expired.key },
        /tls.key\) does not belong to the client certificate/,
      ],
      [
        'MTLS',
        { ...trusted, cert: good.cert, key: good.key.replace(/\n[^-]{10}/, '\nAAAAAAAAAA') },
        /cannot be read|does not belong/,
      ],
    ];
    for (const [listener, tls, message] of cases) {
      const error = await refusal(config(listener, tls ? { tls } : {}));
      expect([error.stage, error.message]).toEqual(['TLS', expect.stringMatching(message)]);
    }
  });

  it("say that the broker's own certificate has expired", async () => {
    const { security } = cluster();
    await security.renewServerCertificates({ validForMs: -60_000 });
    const expired = () =>
      open(config('SSL', ca())).then(
        (connection) => {
          done(connection);
          return '';
        },
        (error: KafkaError) => error.message,
      );
    await waitFor('the broker to show it', async () =>
      /has expired; renew it on the broker/.test(await expired()),
    );
    await security.renewServerCertificates();
    await waitFor('the broker to show the renewed one', async () => (await expired()) === '');
  });

  it('tell a listener of another protocol', async () => {
    const plain = cluster().bootstrap;
    const at = (wanted: ClusterConfig, server: string) => ({ ...wanted, bootstrapServers: [server] });
    const tls = await refusal(at(config('SSL', ca()), plain));
    expect([tls.stage, tls.message]).toEqual(['TLS', expect.stringMatching(/is this a (TLS )?listener/)]);
    const inClear = await refusal(
      at(config('SSL', { protocol: 'PLAINTEXT' }), cluster().security.bootstrap('SSL')),
    );
    expect([inClear.stage, inClear.message]).toEqual([
      'API_VERSIONS',
      expect.stringMatching(/security protocol/),
    ]);
    const sasl = await refusal(at(config('SASL_PLAINTEXT', password('PLAIN', 'alice', 'x')), plain));
    expect([sasl.stage, sasl.message]).toEqual([
      'SASL',
      expect.stringMatching(/listener without SASL|is this a SASL listener/),
    ]);
    const offered = cluster().security.bootstrap('SASL_PLAINTEXT');
    expect(offered).not.toBe('');
  });
});

/** Requests one behind the other, 16 in flight, until told to end by their number. @returns how many, and the longest wait between two answers */
async function flow(
  connection: Connection,
  until: (answers: number) => boolean,
): Promise<{ answers: number; pauseMs: number }> {
  let [answers, pauseMs, lastMs] = [0, 0, performance.now()];
  const lane = async () => {
    while (!until(answers)) {
      await connection.request(metadata, { topics: [] });
      const now = performance.now();
      pauseMs = Math.max(pauseMs, now - lastMs);
      lastMs = now;
      answers++;
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return { answers, pauseMs };
}

describe('sessions that end', () => {
  it('are renewed with each mechanism under pipelined requests, none of which is lost, and while nothing happens', async () => {
    const ways = {
      PLAIN: config('SASL_PLAINTEXT', password('PLAIN', 'alice', 'alice-secret')),
      SCRAM: config('SASL_SSL', { ...password('SCRAM-SHA-512', 'bob', 'bob-secret'), ...ca() }),
      OAUTHBEARER: config('SASL_SSL', { ...oauth(), ...ca() }),
    };
    const silent = await open(ways.SCRAM);
    const end = performance.now() + 2.2 * MAX_REAUTH_MS;
    const flows = Object.entries(ways).map(async ([mechanism, wanted]) => {
      const connection = await open(wanted);
      const over = (seen: number) => performance.now() > end && seen > 500;
      const { answers, pauseMs } = await flow(connection, over);
      console.info(
        `${mechanism}: ${answers} answers over two renewals, longest pause ${pauseMs.toFixed(0)} ms`,
      );
      expect(connection.usable).toBe(true);
      done(connection);
    });
    await Promise.all(flows);
    expect((await silent.request(metadata, { topics: [] })).clusterId).toBe(cluster().clusterId);
    done(silent);
  });

  it('end a connection with the reason when the password is another one by then', async () => {
    const { bootstrap } = cluster();
    await setScramUser({ bootstrap, user: 'erin', password: 'first-secret' });
    const connection = await open(
      config('SASL_PLAINTEXT', password('SCRAM-SHA-512', 'erin', 'first-secret')),
    );
    await setScramUser({ bootstrap, user: 'erin', password: 'second-secret' });
    const lost = await flow(connection, () => false).catch((error: unknown) => error as KafkaError);
    expect(lost).toMatchObject({ stage: 'SASL', retriable: false });
    expect((lost as KafkaError).message).toContain('SCRAM-SHA-512 sign-in of erin failed');
    expect(connection.usable).toBe(false);
  });
});

describe('other credentials', () => {
  it('take over under pipelined requests, none of which is lost or overtaken', async () => {
    const { bootstrap } = cluster();
    await setScramUser({ bootstrap, user: 'frank', password: 'first-secret' });
    const wanted = (secret: string) => config('SASL_PLAINTEXT', password('SCRAM-SHA-256', 'frank', secret));
    const client = clientFor(wanted('first-secret'), 'sign-in-test');
    await client.metadata([]);
    const connection = await client.connection(1, 'produce');
    let over = false;
    const flowing = flow(connection, () => over);
    for (const secret of ['second-secret', 'third-secret']) {
      await setScramUser({ bootstrap, user: 'frank', password: secret });
      await client.replaceSecurity(wireSecurity(wanted(secret)));
    }
    // Who held the old one is served by the new one.
    const now = await client.connection(1, 'produce');
    expect(now).not.toBe(connection);
    expect(connection.usable).toBe(true);
    over = true;
    const { answers, pauseMs } = await flowing;
    console.info(`${answers} answers over two changes, longest pause ${pauseMs.toFixed(0)} ms`);
    expect(await connection.halfClose(5_000)).toBe(true);
    client.close();
  });

  it('leave connections alone when they are refused', async () => {
    const { bootstrap } = cluster();
    await setScramUser({ bootstrap, user: 'grace', password: 'right-secret' });
    const wanted = (secret: string) => config('SASL_PLAINTEXT', password('SCRAM-SHA-256', 'grace', secret));
    const client = clientFor(wanted('right-secret'), 'sign-in-test');
    await client.metadata([]);
    const connection = await client.connection(1, 'control');
    await expect(client.replaceSecurity(wireSecurity(wanted('wrong')))).rejects.toThrow(
      /sign-in of grace failed/,
    );
    expect((await connection.request(metadata, { topics: [] })).clusterId).toBe(cluster().clusterId);
    client.close();
  });
});
