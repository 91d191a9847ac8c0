// Secured listeners of a single-broker cluster, enough to test a client's SASL PLAIN and TLS over real sockets.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findJava } from './java';
import { freePorts } from './ports';

const run = promisify(execFile);
const PASSWORD = 'landbridge-test';

type ExtraListener = { name: string; protocol: string; port: number; properties: Record<string, string> };

export type ExternalListeners = {
  listeners: ExtraListener[];
  saslBootstrap?: string;
  tlsBootstrap?: string;
  caFile?: string;
};

export async function externalListeners(
  cacheDir: string,
  options: { saslPlain?: { users: Record<string, string> }; tls?: boolean },
): Promise<ExternalListeners> {
  const listeners: ExtraListener[] = [];
  const result: ExternalListeners = { listeners };
  if (options.saslPlain) {
    const [port] = (await freePorts(1)) as [number];
    listeners.push({
      name: 'SASL',
      protocol: 'SASL_PLAINTEXT',
      port,
      properties: {
        'sasl.enabled.mechanisms': 'PLAIN',
        'listener.name.sasl.plain.sasl.jaas.config': jaasConfig(options.saslPlain.users),
      },
    });
    result.saslBootstrap = `127.0.0.1:${port}`;
  }
  if (options.tls) {
    const [port] = (await freePorts(1)) as [number];
    const { keystore, caFile } = await certificates(join(cacheDir, 'tls'));
    listeners.push({
      name: 'TLS',
      protocol: 'SSL',
      port,
      properties: {
        'listener.name.tls.ssl.keystore.location': keystore,
        'listener.name.tls.ssl.keystore.type': 'PKCS12',
        'listener.name.tls.ssl.keystore.password': PASSWORD,
        'listener.name.tls.ssl.key.password': PASSWORD,
      },
    });
    result.tlsBootstrap = `127.0.0.1:${port}`;
    result.caFile = caFile;
  }
  return result;
}

function jaasConfig(users: Record<string, string>): string {
  const entries = Object.entries(users).map(([user, password]) => `user_${user}="${password}"`);
  return `org.apache.kafka.common.security.plain.PlainLoginModule required ${entries.join(' ')};`;
}

/** A CA and a certificate for localhost and 127.0.0.1 signed by it, made once with Java's own keytool (8 s). */
async function certificates(dir: string): Promise<{ keystore: string; caFile: string }> {
  const files = { keystore: join(dir, 'broker.p12'), caFile: join(dir, 'ca.pem') };
  if (existsSync(dir)) return files;
  const work = await mkdtemp(`${dir}.partial-`);
  try {
    await makeCertificates(work);
    await rename(work, dir);
  } catch (error) {
    // Another process may have made them at the same time; a folder of that name is complete.
    if (!existsSync(dir)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return files;
}

async function makeCertificates(dir: string): Promise<void> {
  const java = await findJava();
  const keytool = java.command === 'java' ? 'keytool' : join(dirname(java.command), 'keytool');
  const [ca, broker] = [join(dir, 'ca.p12'), join(dir, 'broker.p12')];
  const [caFile, request, signed] = ['ca.pem', 'broker.csr', 'broker.pem'].map((f) => join(dir, f)) as [
    string,
    string,
    string,
  ];
  const store = (path: string) => ['-keystore', path, '-storetype', 'PKCS12', '-storepass', PASSWORD];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '3650'];
  const names = ['-ext', 'SAN=dns:localhost,ip:127.0.0.1'];
  const steps = [
    ['-genkeypair', '-alias', 'ca', '-dname', 'CN=Landbridge test CA', '-ext', 'bc:c', ...key, ...store(ca)],
    ['-exportcert', '-rfc', '-alias', 'ca', '-file', caFile, ...store(ca)],
    ['-genkeypair', '-alias', 'broker', '-dname', 'CN=localhost', ...names, ...key, ...store(broker)],
    ['-certreq', '-alias', 'broker', '-file', request, ...store(broker)],
    ['-gencert', '-rfc', '-alias', 'ca', '-infile', request, '-outfile', signed, ...names, ...store(ca)],
    ['-importcert', '-noprompt', '-alias', 'ca', '-file', caFile, ...store(broker)],
    ['-importcert', '-noprompt', '-alias', 'broker', '-file', signed, ...store(broker)],
  ];
  for (const step of steps) await run(keytool, step);
}
