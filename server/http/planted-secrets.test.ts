// Plants a distinctive secret wherever one can stand, lets strangers quote them, and looks for them wherever they must not be.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { modules } from '@/app/api/openapi.json/modules';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import { TestCa } from '@/harness/certificates';
import { firstStart } from '@/server/access/first-start';
import { spellingsOf } from '@/server/access/scrub';
import { Secret } from '@/server/access/secret';
import { defaultAudit } from '@/server/audit-config';
import { defaultRequestsPerSecond } from '@/server/config';
import { defaultMonitoring } from '@/server/health-config';
import { log } from '@/server/log';
import { setRuntime } from '@/server/running';
import { createRuntime, type Runtime } from '@/server/runtime';
import { defaultSignIn } from '@/server/sign-in-config';
import { type EchoingServer, echoingBroker, echoingTokenEndpoint } from '@/server/testing/echoing-servers';
import { spawnInProcess } from '@/server/testing/engine-in-process';
import { MonitorInProcess } from '@/server/testing/monitor-in-process';
import { basic, type Call, origin, requestOf } from '@/server/testing/test-server';
import type { RouteHandler } from './define-route';

/** Characters that look different in JSON, in a URL and in base64. */
const secretOf = (what: string) => `pl4nted "${what}"/+ü ${randomBytes(9).toString('hex')}`;
const secrets = {
  clusterPassword: secretOf('cluster password'),
  newPassword: secretOf('new password'),
  mistypedPassword: secretOf('mistyped password'),
  testedPassword: secretOf('tested password'),
  clientSecret: secretOf('client secret'),
  keyPassword: secretOf('key password'),
  filePassword: secretOf('password of landbridge.yaml'),
  apiSecret: secretOf('api secret'),
  oidcSecret: secretOf('oidc secret'),
  adminPassword: secretOf('admin password'),
  webhookPath: `pl4nted-webhook-${randomBytes(9).toString('hex')}`,
  slackPath: `pl4nted-slack-${randomBytes(9).toString('hex')}`,
  secretKey: randomBytes(32).toString('base64'),
  privateKey: '',
  session: '',
  oneTimeLink: '',
  createdKey: '',
};

let root: string;
let runtime: Runtime;
let broker: EchoingServer;
let tokens: EchoingServer;
let certificate: string;
/** Everything that came out: answers, and what was written to the terminal. */
const answers: string[] = [];
const written: string[] = [];

beforeAll(async () => {
  for (const stream of [process.stderr, process.stdout]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  }
  vi.stubEnv('LANDBRIDGE_DEBUG', '1');
  root = mkdtempSync(join(tmpdir(), 'landbridge-planted-'));
  [broker, tokens] = await Promise.all([echoingBroker(), echoingTokenEndpoint()]);
  certificate = (await (await TestCa.create()).issueClient({ name: 'planted' })).cert;
  secrets.privateKey = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: {
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: secrets.keyPassword,
    },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  const provider = {
    id: 'planted',
    name: 'Planted',
    wellKnown: `http://127.0.0.1:${tokens.port}/.well-known/openid-configuration`,
    clientId: 'landbridge',
    clientSecret: secrets.oidcSecret,
    scope: 'openid',
    groupsClaim: 'groups',
    userNameClaim: 'preferred_username',
    roles: [{ group: 'a', role: 'viewer' as const, scope: { kind: 'everywhere' as const } }],
  };
  runtime = await createRuntime({
    config: {
      host: '127.0.0.1',
      port: 3000,
      address: { origin, host: '127.0.0.1:3000', secure: false, exposed: false },
      dataDir: join(root, 'data'),
      configFile: null,
      clusters: [cluster('from-file', secrets.filePassword)],
      outgoing: { allow: null },
      secretKey: { value: new Secret(secrets.secretKey), file: '', dataDir: join(root, 'data') },
      signIn: { ...defaultSignIn, oidc: [provider] },
      audit: defaultAudit,
      monitoring: defaultMonitoring,
      apiKey: { key: 'planted', secret: secrets.apiSecret },
      keepBootstrapKey: true,
      requestsPerSecond: defaultRequestsPerSecond,
      historyLimitBytes: 64 * 1_048_576,
    },
    spawn: spawnInProcess,
    spawnMonitor: new MonitorInProcess().spawn,
    log,
  });
  setRuntime(runtime);
  const { store, audit, oneTimeLinks: links, entrance } = runtime;
  const print = (text: string) => {
    secrets.oneTimeLink ||= /#([A-Za-z0-9_-]{43})/.exec(text)?.[1] ?? '';
  };
  const deps = { store, audit, links, passwords: entrance.passwords, origin, log, print };
  await firstStart(deps, {});
  await firstStart(deps, { LANDBRIDGE_ADMIN_PASSWORD: secrets.adminPassword });
  await vi.waitFor(() => expect(runtime.engine.status).toBe('RUNNING'), { timeout: 10_000 });
});

afterAll(async () => {
  await runtime?.stop();
  setRuntime(null);
  await Promise.all([broker?.close(), tokens?.close()]);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

const sasl = (password: string) => ({ mechanism: 'PLAIN' as const, username: 'planted', password });
const cluster = (name: string, password: string) => ({
  name,
  bootstrapServers: [`127.0.0.1:${broker.port}`],
  security: { protocol: 'SASL_PLAINTEXT' as const, sasl: sasl(password) },
});

async function call(route: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', options: Call = {}) {
  const handler = modules[route]?.[method];
  if (!handler) throw new Error(`There is no ${method} ${route}.`);
  const path = `/api${route.replace(/\{(\w+)\}/g, (_, name: string) => String(options.params?.[name]))}`;
  return answered(handler, path, { method, as: basic('planted', secrets.apiSecret), ...options });
}

async function answered(handler: RouteHandler, path: string, options: Call) {
  const response = await handler(requestOf(path, options), { params: Promise.resolve(options.params ?? {}) });
  const text = await response.text();
  answers.push(`${path} ${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return { status: response.status, text };
}

/** What people and programs do, right and wrong, with secrets in it. */
async function useEverything(): Promise<void> {
  const params = { name: 'west' };
  expect((await call('/clusters', 'POST', { body: cluster('west', secrets.clusterPassword) })).status).toBe(
    201,
  );
  const oauth = {
    mechanism: 'OAUTHBEARER',
    tokenEndpoint: `http://127.0.0.1:${tokens.port}/token`,
    clientId: 'planted',
    clientSecret: secrets.clientSecret,
  };
  const west = cluster('west', '');
  const token = { ...west, name: 'token', security: { protocol: 'SASL_PLAINTEXT', sasl: oauth } };
  expect((await call('/clusters', 'POST', { body: token })).status).toBe(201);
  const tls = { cert: certificate, key: secrets.privateKey, keyPassword: secrets.keyPassword };
  const secured = { ...west, name: 'secured', security: { protocol: 'SSL', tls } };
  expect((await call('/clusters', 'POST', { body: secured })).status).toBe(201);
  for (const name of ['west', 'token', 'secured', 'from-file']) {
    await call('/clusters/{name}/probe', 'POST', { params: { name }, body: {} });
    await call('/clusters/{name}/topics', 'GET', { params: { name } });
    await call('/clusters/{name}', 'GET', { params: { name } });
  }
  await call('/clusters/test', 'POST', { body: cluster('tested', secrets.testedPassword) });
  await call('/clusters/{name}', 'PATCH', { params, body: { password: secrets.newPassword } });
  await call('/links/check', 'POST', { body: { name: 'l', source: 'west', destination: 'token' } });
  await call('/links', 'POST', {
    body: { name: 'l', source: 'west', destination: 'secured', topics: ['t'] },
  });
  for (const [kind, key] of [
    ['webhook', secrets.webhookPath],
    ['slack', secrets.slackPath],
  ]) {
    const url = `http://127.0.0.1:${tokens.port}/services/T000/${key}`;
    const body = { kind, name: kind, url, ...(kind === 'webhook' ? { secret: null } : {}) };
    await call('/health/channels/test', 'POST', { body: { channel: body } });
    const made = await call('/health/channels', 'POST', { body });
    expect(made.status).toBe(201);
    const { id } = JSON.parse(made.text);
    const changed = { ...body, name: `${kind} renamed`, url: undefined };
    expect((await call('/health/channels/{id}', 'PUT', { params: { id }, body: changed })).status).toBe(200);
    await call('/health/channels/{id}/test', 'POST', { params: { id }, body: {} });
    await call('/health/channels/{id}', 'GET', { params: { id } });
  }
  await call('/health/channels', 'GET', {});
  await call('/health/deliveries', 'GET', {});
  // Mistakes: a secret in the wrong field, in what is no JSON, in a path, as somebody else's key.
  for (const body of [
    { ...cluster('x', ''), pasword: secrets.mistypedPassword },
    { ...cluster('x', ''), name: secrets.mistypedPassword },
    cluster(secrets.mistypedPassword, secrets.mistypedPassword),
    { ...cluster('x', ''), bootstrapServers: [secrets.mistypedPassword] },
    { ...cluster('x', ''), security: { protocol: secrets.mistypedPassword } },
    `{"password": ${secrets.mistypedPassword}`,
  ]) {
    expect((await call('/clusters', 'POST', { body })).status).toBe(400);
  }
  const wrong = basic('planted', secrets.mistypedPassword);
  expect((await call('/clusters', 'GET', { as: wrong })).status).toBe(401);
  await answered(rest.POST, '/kafka/v3/clusters/x/links?link_name=l', {
    method: 'POST',
    as: basic('planted', secrets.apiSecret),
    params: { path: ['clusters', 'x', 'links'] },
    body: {
      source_cluster_id: 'y',
      configs: [
        { name: 'bootstrap.servers', value: 'a:1' },
        { name: 'sasl.jaas.config', value: `required username="a" password="${secrets.mistypedPassword}";` },
      ],
    },
  });
  await call('/one-time-link/redeem', 'POST', {
    as: null,
    body: { token: secrets.oneTimeLink, userName: 'late', password: secrets.mistypedPassword },
  });
  const key = await runtime.keys.create(
    { kind: 'system' },
    { name: 'planted', grant: { role: 'viewer', scope: { kind: 'everywhere' } }, expiresAt: null },
  );
  secrets.createdKey = key.secret;
  const person = await runtime.store.db.selectFrom('person').select('id').executeTakeFirstOrThrow();
  secrets.session = await runtime.sessions.start(person, { address: null, userAgent: null });
  for (const route of [
    '/people',
    '/keys',
    '/audit',
    '/links',
    '/clusters',
    '/approvals',
    '/meta',
    '/me',
    '/sign-in',
  ])
    await call(route, 'GET', {});
  for (const format of ['jsonl', 'csv']) {
    const { status } = await answered(modules['/audit/export']!.GET!, `/api/audit/export?format=${format}`, {
      as: basic('planted', secrets.apiSecret),
    });
    expect(status).toBe(200);
  }
  // What a careless line of code would do.
  log('info', `Careless: ${JSON.stringify(runtime.catalog.clusters)}`);
  log('error', 'Careless.', new Error('outer', { cause: new Error(JSON.stringify(runtime.config)) }));
}

describe('secrets', () => {
  it('are told to those whom they are for, so that this test can find them', async () => {
    await useEverything();
    expect(broker.quoted()).toContain(Buffer.from(secrets.clusterPassword).toString('latin1'));
    expect(broker.quoted()).toContain(Buffer.from(secrets.newPassword).toString('latin1'));
    expect(tokens.quoted()).not.toBe('');
    for (const [name, secret] of Object.entries(secrets))
      expect(`${name} ${secret.length > 20}`).toBe(`${name} true`);
    expect(answers.some((answer) => answer.includes('Refused. You sent'))).toBe(true);
  }, 120_000);

  it.each(Object.keys(secrets))('are not in answers, logs, the audit log or the store: %s', async (name) => {
    const secret = secrets[name as keyof typeof secrets];
    const store = readdirSync(runtime.config.dataDir).map((file) =>
      readFileSync(join(runtime.config.dataDir, file)).toString('latin1'),
    );
    expect(store.length).toBeGreaterThan(1);
    for (const spelling of spellingsOf(secret)) {
      const raw = Buffer.from(spelling).toString('latin1');
      expect(answers.filter((text) => text.includes(spelling))).toEqual([]);
      expect(written.filter((text) => text.includes(spelling))).toEqual([]);
      expect(store.filter((text) => text.includes(raw))).toHaveLength(0);
    }
  });
});
