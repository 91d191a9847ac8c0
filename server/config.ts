// Everything that the server is told from outside: environment variables and landbridge.yaml, checked once at the start.
import { resolve } from 'node:path';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { type PublicAddress, readPublicAddress } from '@/lib/public-address.mjs';
import { type SecretKeyPlace, secretKeyPlace } from './access/secret-key';
import { type AuditConfig, defaultAudit } from './audit-config';
import { type FileConfig, readConfigFile } from './config-file';
import { StartError } from './errors';
import { type MonitoringConfig, readMonitoring } from './health-config';
import type { OutgoingPolicy } from './outgoing/addresses';
import { defaultSignIn, type SignInConfig } from './sign-in-config';

export type Config = {
  host: string;
  port: number;
  /** Under which address people open the console. */
  address: PublicAddress;
  dataDir: string;
  /** Null: no file, all clusters come from the console. */
  configFile: string | null;
  clusters: ClusterConfig[];
  outgoing: OutgoingPolicy;
  secretKey: SecretKeyPlace;
  signIn: SignInConfig;
  audit: AuditConfig;
  monitoring: MonitoringConfig;
  /** The bootstrap key; null: there is none. */
  apiKey: { key: string; secret: string } | null;
  /** It otherwise switches itself off once an administrator key exists. */
  keepBootstrapKey: boolean;
  /** Of one key or person. */
  requestsPerSecond: number;
  /** What the history of metrics may take up on disk. */
  historyLimitBytes: number;
};

const defaultPort = 3000;
export const defaultRequestsPerSecond = 100;
export const defaultHistoryLimitMb = 4_096;

type Environment = Record<string, string | undefined>;

const noFile: FileConfig = {
  clusters: [],
  outgoing: { allow: null },
  signIn: defaultSignIn,
  audit: defaultAudit,
  mode: undefined,
};

/** @throws StartError naming the variable or the place in the file, and what to do */
export function readConfig(environment: Environment): Config {
  const file = environment.LANDBRIDGE_CONFIG?.trim();
  const configFile = file ? resolve(/* turbopackIgnore: true */ file) : null;
  const host = environment.HOST?.trim() || '127.0.0.1';
  const port = readPort(environment);
  // The comment is for the bundler: it would otherwise copy the whole project into the build.
  const dataDir = resolve(/* turbopackIgnore: true */ environment.LANDBRIDGE_DATA_DIR?.trim() || './data');
  const { mode, ...settings }: FileConfig =
    configFile === null ? noFile : readConfigFile(configFile, environment);
  const monitoring = readMonitoring(environment, { mode, outgoing: settings.outgoing });
  if (monitoring.mode === 'hub' && settings.clusters.length > 0)
    throw new StartError(
      'A hub (LANDBRIDGE_MODE=hub) opens no connection to brokers: take the clusters out of landbridge.yaml.',
    );
  return {
    host,
    port,
    address: readAddress(environment, host, port),
    dataDir,
    secretKey: secretKeyPlace(environment, dataDir),
    configFile,
    ...settings,
    monitoring,
    apiKey: readApiKey(environment),
    keepBootstrapKey: environment.LANDBRIDGE_KEEP_BOOTSTRAP_KEY === '1',
    requestsPerSecond: readRequestsPerSecond(environment),
    historyLimitBytes: readHistoryLimit(environment),
  };
}

function readAddress(environment: Environment, host: string, port: number): PublicAddress {
  const { address, problem } = readPublicAddress(environment, host, port);
  if (address) return address;
  throw new StartError(problem);
}

function readPort(environment: Environment): number {
  const text = environment.PORT?.trim() || String(defaultPort);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new StartError(`PORT=${text} is not a port. Use a number from 1 to 65535.`);
}

function readRequestsPerSecond(environment: Environment): number {
  const text = environment.LANDBRIDGE_REQUESTS_PER_SECOND?.trim() || String(defaultRequestsPerSecond);
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000_000) return limit;
  throw new StartError(
    `LANDBRIDGE_REQUESTS_PER_SECOND=${text} is not a limit. Use a whole number from 1 to 1000000.`,
  );
}

function readHistoryLimit(environment: Environment): number {
  const text = environment.LANDBRIDGE_HISTORY_LIMIT_MB?.trim() || String(defaultHistoryLimitMb);
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 16 && limit <= 10_000_000) return limit * 1_048_576;
  throw new StartError(
    `LANDBRIDGE_HISTORY_LIMIT_MB=${text} is not a size. Use a whole number of MiB from 16 to 10000000.`,
  );
}

function readApiKey(environment: Environment): Config['apiKey'] {
  const key = environment.LANDBRIDGE_API_KEY;
  const secret = environment.LANDBRIDGE_API_SECRET;
  if (!key && !secret) return null;
  if (key && secret) {
    if (!key.includes(':')) return { key, secret };
    throw new StartError('LANDBRIDGE_API_KEY must not hold a colon: HTTP Basic ends the name there.');
  }
  const [set, missing] = key
    ? ['LANDBRIDGE_API_KEY', 'LANDBRIDGE_API_SECRET']
    : ['LANDBRIDGE_API_SECRET', 'LANDBRIDGE_API_KEY'];
  throw new StartError(`${set} is set and ${missing} is not. Set both, or neither.`);
}
