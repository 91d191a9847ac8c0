/**
 * Reads how to sign in to a link's source from configs as Kafka's clients have them: security.protocol, sasl.*, and ssl.* in the PEM
 * forms. References to files are refused by name: they would be files of this machine. Pure; messages never repeat a value.
 */
import { LandbridgeError } from '@/server/errors';
import { readJaas } from './jaas';
import { normalisedPem } from './pem';

export type Given = ReadonlyMap<string, string>;

/** Read below; everything else about security is refused. */
export const securityKeys: ReadonlySet<string> = new Set([
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'sasl.login.callback.handler.class',
  'sasl.oauthbearer.token.endpoint.url',
  'sasl.oauthbearer.client.credentials.client.id',
  'sasl.oauthbearer.client.credentials.client.secret',
  'sasl.oauthbearer.scope',
  'ssl.truststore.type',
  'ssl.truststore.certificates',
  'ssl.keystore.type',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.key',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
]);

const FILES = /^ssl\.(truststore|keystore)\.(location|password)$/;

const MODULES = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
} as const;
type Mechanism = keyof typeof MODULES;
const isMechanism = (name: string): name is Mechanism => name in MODULES;

/** @returns what the contract's `consoleClusterSecurity` checks. @throws LandbridgeError INVALID_REQUEST naming the config */
export function readSourceSecurity(given: Given): unknown {
  const protocol = given.get('security.protocol') ?? 'PLAINTEXT';
  const sasl = readSasl(given);
  const tls = readTls(given);
  return { protocol, ...(sasl ? { sasl } : {}), ...(tls ? { tls } : {}) };
}

/** Why a key of sasl.* or ssl.* is not read. */
export function refusedSecurityKey(name: string): string {
  const pem = name.startsWith('ssl.truststore')
    ? 'ssl.truststore.type=PEM and ssl.truststore.certificates'
    : 'ssl.keystore.type=PEM, ssl.keystore.certificate.chain and ssl.keystore.key';
  return FILES.test(name)
    ? `is not read: files are those of the machine that Landbridge runs on. Give the PEM text with ${pem}.`
    : 'is not read here. Leave it out, or register the source cluster first and give its source_cluster_id.';
}

function readSasl(given: Given): unknown {
  const mechanism = given.get('sasl.mechanism') ?? 'PLAIN';
  const text = given.get('sasl.jaas.config');
  if (text === undefined && !given.has('sasl.oauthbearer.token.endpoint.url')) return undefined;
  if (!isMechanism(mechanism))
    throw invalid('sasl.mechanism', `must be one of ${Object.keys(MODULES).join(', ')}.`);
  const jaas = text === undefined ? null : readJaas(text);
  // The client credentials may also stand in configs of their own (KIP-1139).
  if (jaas?.module !== MODULES[mechanism] && (mechanism !== 'OAUTHBEARER' || text !== undefined))
    throw invalid('sasl.jaas.config', `must be: ${example(mechanism)}`);
  const option = (name: string) => jaas?.options.get(name);
  if (mechanism === 'OAUTHBEARER') return readOauth(given, jaas?.options ?? new Map());
  const [username, password] = [option('username'), option('password')];
  if (!username || !password) throw invalid('sasl.jaas.config', `must be: ${example(mechanism)}`);
  return { mechanism, username, password };
}

function readOauth(given: Given, options: ReadonlyMap<string, string>): unknown {
  const handler = given.get('sasl.login.callback.handler.class') ?? 'OAuthBearerLoginCallbackHandler';
  if (!/(^|\.)OAuthBearerLoginCallbackHandler$/.test(handler))
    throw invalid(
      'sasl.login.callback.handler.class',
      'names a class that cannot be loaded here. Tokens are fetched by the client credentials grant, as OAuthBearerLoginCallbackHandler does.',
    );
  const tokenEndpoint = given.get('sasl.oauthbearer.token.endpoint.url');
  if (tokenEndpoint === undefined)
    throw invalid('sasl.oauthbearer.token.endpoint.url', 'is needed with OAUTHBEARER.');
  const credentials = 'sasl.oauthbearer.client.credentials';
  const clientId = given.get(`${credentials}.client.id`) ?? options.get('clientId');
  const clientSecret = given.get(`${credentials}.client.secret`) ?? options.get('clientSecret');
  if (!clientId || !clientSecret) throw invalid('sasl.jaas.config', `must be: ${example('OAUTHBEARER')}`);
  const scope = given.get('sasl.oauthbearer.scope') ?? options.get('scope');
  const extensions = [...options]
    .filter(([name]) => name.startsWith('extension_'))
    .map(([name, value]) => [name.slice('extension_'.length), value]);
  return {
    mechanism: 'OAUTHBEARER',
    tokenEndpoint,
    clientId,
    clientSecret,
    ...(scope ? { scope } : {}),
    ...(extensions.length > 0 ? { extensions: Object.fromEntries(extensions) } : {}),
  };
}

function readTls(given: Given): unknown {
  for (const store of ['truststore', 'keystore']) {
    const type = given.get(`ssl.${store}.type`);
    if (type !== undefined && type !== 'PEM')
      throw invalid(`ssl.${store}.type`, 'must be PEM: the certificates travel as text.');
  }
  const identification = given.get('ssl.endpoint.identification.algorithm');
  if (identification !== undefined && identification.toLowerCase() !== 'https')
    throw invalid(
      'ssl.endpoint.identification.algorithm',
      'can only be https: host names are always checked. Register the cluster with the server name that its certificate has instead.',
    );
  const pem = (name: string) => {
    const text = given.get(name);
    return text === undefined ? undefined : normalisedPem(text);
  };
  const tls = {
    ca: pem('ssl.truststore.certificates'),
    cert: pem('ssl.keystore.certificate.chain'),
    key: pem('ssl.keystore.key'),
    keyPassword: given.get('ssl.key.password'),
  };
  const present = Object.entries(tls).filter(([, value]) => value !== undefined);
  return present.length > 0 ? Object.fromEntries(present) : undefined;
}

function example(mechanism: Mechanism): string {
  const common = 'org.apache.kafka.common.security';
  switch (mechanism) {
    case 'PLAIN':
      return `${common}.plain.PlainLoginModule required username="…" password="…";`;
    case 'OAUTHBEARER':
      return `${common}.oauthbearer.OAuthBearerLoginModule required clientId="…" clientSecret="…" scope="…";`;
    default:
      return `${common}.scram.ScramLoginModule required username="…" password="…";`;
  }
}

function invalid(name: string, what: string): LandbridgeError {
  return new LandbridgeError('INVALID_REQUEST', `Config ${name} ${what}`, { fields: { [name]: what } });
}
