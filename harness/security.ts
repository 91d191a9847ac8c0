// What a secured test cluster has beside its plaintext listener: listeners with SASL and TLS, and an authorizer. The
// plaintext listener stays: clients there are User:ANONYMOUS, a super user, and so are the harness's own tools.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokerListener } from './broker-properties';
import { type CertificateRequest, TestCa } from './certificates';
import { freePorts } from './ports';
import { TokenServer } from './token-server';

export type SecurityOptions = {
  /** ACLs are enforced. `allowEveryoneIfNoAclFound`: resources without any ACL are open, as in many grown clusters. */
  authorizer?: boolean | { allowEveryoneIfNoAclFound: boolean };
  /** Beside User:ANONYMOUS, such as "User:admin". */
  superUsers?: string[];
  /** SASL PLAIN: user name → password. Fixed while the brokers run. */
  plainUsers?: Record<string, string>;
  /** SASL SCRAM-SHA-256 and -512: user name → password; more and other ones through `setScramUser`. Not in KRaft before 3.5. */
  scramUsers?: Record<string, string>;
  /** SASL OAUTHBEARER with signed tokens from `cluster.tokenServer`; its clients are named here: id → secret. */
  oauthClients?: Record<string, string>;
  /** TLS listeners: with SASL (if there are users), without, and one that demands a client certificate. */
  tls?: boolean;
  /** Of the brokers' certificate, as for `cluster.renewServerCertificates`. */
  serverCertificate?: Pick<CertificateRequest, 'hosts' | 'validForMs'>;
  /** connections.max.reauth.ms of all SASL listeners: clients must sign in again within it (KIP-368). */
  maxReauthMs?: number;
};

/** Which of a cluster's listeners: SASL over TCP, SASL over TLS, TLS, TLS that demands a client certificate. */
export type SecuredListener = 'SASL_PLAINTEXT' | 'SASL_SSL' | 'SSL' | 'MTLS';

/** The secured side of one cluster; null where it has none. */
export type ClusterSecurity = {
  options: SecurityOptions;
  version: string;
  ca: TestCa;
  tokenServer: TokenServer | null;
  mechanisms: string[];
  /** Ports by listener, one for each broker. */
  ports: Map<SecuredListener, number[]>;
};

const AUTHORIZERS = {
  kraft: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  zookeeper: 'kafka.security.authorizer.AclAuthorizer',
};
const OAUTH = 'org.apache.kafka.common.security.oauthbearer';

/** @throws where this version can't do what is asked */
export async function prepareSecurity(
  options: SecurityOptions,
  brokers: number,
  version: string,
): Promise<ClusterSecurity> {
  refuseImpossible(options, version);
  const mechanisms = [
    ...(options.plainUsers ? ['PLAIN'] : []),
    ...(options.scramUsers ? ['SCRAM-SHA-256', 'SCRAM-SHA-512'] : []),
    ...(options.oauthClients ? ['OAUTHBEARER'] : []),
  ];
  const sasl = mechanisms.length > 0;
  const listeners: SecuredListener[] = [
    ...(sasl ? (['SASL_PLAINTEXT'] as const) : []),
    ...(sasl && options.tls ? (['SASL_SSL'] as const) : []),
    ...(options.tls ? (['SSL', 'MTLS'] as const) : []),
  ];
  const ports = new Map<SecuredListener, number[]>();
  for (const listener of listeners) ports.set(listener, await freePorts(brokers));
  const ca = await TestCa.create();
  const tokenServer = options.oauthClients ? await TokenServer.start(options.oauthClients, ca) : null;
  return { options, version, ca, tokenServer, mechanisms, ports };
}

function refuseImpossible(options: SecurityOptions, version: string): void {
  const older = (than: number) => numeric(version) < than;
  if (options.scramUsers && older(3.05) && !usesZooKeeper(version))
    throw new Error(
      `Kafka ${version} in KRaft mode has no SCRAM (it came with 3.5). Take PLAIN, TLS or a ZooKeeper release.`,
    );
  if (options.oauthClients && older(3.01))
    throw new Error(
      `Kafka ${version} cannot check signed tokens (that came with 3.1); leave oauthClients out.`,
    );
}

/** 3.9.1 → 3.09. */
function numeric(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major + minor / 100;
}

/** KRaft was not for production before 3.3; the harness runs those releases the way they were run. */
export function usesZooKeeper(version: string): boolean {
  return numeric(version) < 3.03;
}

/** Listener properties of the broker number `index`, whose certificate is written into its folder. */
export async function securedBroker(
  security: ClusterSecurity,
  index: number,
  nodeDir: string,
): Promise<{ listeners: BrokerListener[]; properties: Record<string, string>; jvmArgs: string[] }> {
  const { options, mechanisms, ports } = security;
  const keystore = options.tls ? await keystoreProperties(security, nodeDir) : {};
  const truststore = join(nodeDir, 'ca.pem');
  await writeFile(truststore, security.ca.pem);
  const jwks = join(nodeDir, 'jwks.json');
  if (security.tokenServer) await writeFile(jwks, security.tokenServer.jwks);
  const listeners = [...ports].map(([name, brokerPorts]) => {
    const prefix = `listener.name.${kafkaName(name).toLowerCase()}`;
    const properties: Record<string, string> = {};
    if (name.startsWith('SASL')) {
      properties[`${prefix}.sasl.enabled.mechanisms`] = mechanisms.join(',');
      for (const mechanism of mechanisms)
        properties[`${prefix}.${mechanism.toLowerCase()}.sasl.jaas.config`] = jaasConfig(mechanism, options);
      if (mechanisms.includes('OAUTHBEARER'))
        properties[`${prefix}.oauthbearer.sasl.server.callback.handler.class`] = tokenValidator(
          security.version,
        );
    }
    if (name !== 'SASL_PLAINTEXT') {
      for (const [key, value] of Object.entries(keystore)) properties[`${prefix}.${key}`] = value;
    }
    if (name === 'MTLS') {
      properties[`${prefix}.ssl.client.auth`] = 'required';
      properties[`${prefix}.ssl.truststore.type`] = 'PEM';
      properties[`${prefix}.ssl.truststore.location`] = truststore;
      // CN=alice is User:alice.
      properties[`${prefix}.ssl.principal.mapping.rules`] = 'RULE:^CN=([^,]+).*$/$1/,DEFAULT';
    }
    const protocol = name === 'MTLS' ? 'SSL' : name;
    return { name: kafkaName(name), protocol, port: brokerPorts[index] as number, properties };
  });
  const jwksUrl = `file://${jwks}`;
  return {
    listeners,
    properties: {
      ...authorizerProperties(security),
      ...(options.maxReauthMs === undefined
        ? {}
        : { 'connections.max.reauth.ms': String(options.maxReauthMs) }),
      ...(security.tokenServer ? { 'sasl.oauthbearer.jwks.endpoint.url': jwksUrl } : {}),
    },
    // Since 3.9.1 brokers read tokens' keys only from where they are told to.
    jvmArgs: security.tokenServer ? [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${jwksUrl}`] : [],
  };
}

/** Old releases read no key from a file without a password; there it stands in the properties, and stays as it is. */
async function keystoreProperties(
  security: ClusterSecurity,
  nodeDir: string,
): Promise<Record<string, string>> {
  const request = security.options.serverCertificate ?? {};
  if (!usesZooKeeper(security.version)) {
    const file = await writeServerCertificate(security, nodeDir, request);
    return { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': file };
  }
  const { cert, key } = await security.ca.issueServer({ name: 'broker', ...request });
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.certificate.chain': cert,
    'ssl.keystore.key': key,
  };
}

/** A new certificate in a file of its own: brokers take a changed path as a new key store while they run. @returns the file */
export async function writeServerCertificate(
  security: ClusterSecurity,
  nodeDir: string,
  request: Partial<CertificateRequest>,
): Promise<string> {
  const { cert, key } = await security.ca.issueServer({ name: 'broker', ...request });
  const file = join(nodeDir, `broker-${Date.now()}.pem`);
  await writeFile(file, key + cert);
  return file;
}

/** Kafka's listener names: letters only, so that the names of the properties are plain. */
export const kafkaName = (listener: SecuredListener): string => listener.replace('_', '');

function authorizerProperties({ options, version }: ClusterSecurity): Record<string, string> {
  if (!options.authorizer) return {};
  const open = options.authorizer !== true && options.authorizer.allowEveryoneIfNoAclFound;
  return {
    'authorizer.class.name': AUTHORIZERS[usesZooKeeper(version) ? 'zookeeper' : 'kraft'],
    'allow.everyone.if.no.acl.found': String(open),
    // Brokers and controllers talk to each other in plain text here, so they are anonymous, too.
    'super.users': ['User:ANONYMOUS', ...(options.superUsers ?? [])].join(';'),
  };
}

function tokenValidator(version: string): string {
  const folder = numeric(version) < 3.04 ? `${OAUTH}.secured` : OAUTH;
  return `${folder}.OAuthBearerValidatorCallbackHandler`;
}

function jaasConfig(mechanism: string, options: SecurityOptions): string {
  if (mechanism === 'OAUTHBEARER') return `${OAUTH}.OAuthBearerLoginModule required;`;
  if (mechanism !== 'PLAIN') return 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const users = Object.entries(options.plainUsers ?? {});
  const entries = users.map(([user, password]) => `user_${user}="${password}"`);
  return `org.apache.kafka.common.security.plain.PlainLoginModule required ${entries.join(' ')};`;
}
