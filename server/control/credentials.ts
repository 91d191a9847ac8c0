// Changes the credentials of a registered cluster while its links run: tried at every bootstrap server first, then swapped in the store and the engine. On any failure nothing has changed.
import type { ClusterCredentials } from '@/lib/contracts/api';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { ClusterSecurity } from '@/lib/contracts/cluster-security';
import type { Actor } from '@/server/access/actor';
import type { AuditPort } from '@/server/access/audit';
import { clusterChange } from '@/server/access/audit-masking';
import { authorise } from '@/server/access/authorise';
import type { EnginePort } from '@/server/engine-port';
import { LandbridgeError } from '@/server/errors';
import { replaceCluster } from '@/server/store/clusters';
import type { Catalog } from './catalog';
import type { Changes } from './changes';
import type { ClusterProber } from './cluster-prober';
import { clusterTargetOf } from './link-operations';
import { requireSignIn } from './sign-in-trial';
import { checkedConfig } from './stored-secrets';
import { Visible } from './visible';

type Options = {
  catalog: Catalog;
  prober: ClusterProber;
  engine: EnginePort;
  changes: Changes;
  audit: AuditPort;
};

export class Credentials {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws LandbridgeError CREDENTIALS_REFUSED (sign-in-trial.ts), CLUSTER_CHANGED, CLUSTER_IN_FILE or INVALID_REQUEST */
  async rotate(actor: Actor, name: string, given: ClusterCredentials): Promise<void> {
    const { catalog, audit, prober } = this.#options;
    const { config: current, managedBy } = new Visible(catalog, actor).cluster(name);
    authorise(actor, 'administrator', { kind: 'everywhere' });
    if (managedBy === 'FILE') throw inFile(name);
    const wanted = checkedConfig({ ...current, security: withCredentials(current.security, given) });
    const operation = {
      actor,
      operation: 'change credentials',
      target: clusterTargetOf(name),
      details: { changed: Object.keys(given) },
      ...clusterChange(current, wanted),
    };
    await audit.around(operation, async () => {
      await requireSignIn(this.#options, wanted);
      await this.#swap(current, wanted);
    });
    prober.probeSoon(wanted);
  }

  /** The engine hears of it with the desired state, and signs in anew without stopping its links. */
  #swap(current: ClusterConfig, wanted: ClusterConfig): Promise<void> {
    const { catalog, changes } = this.#options;
    return changes.inAudited(async (trx) => {
      catalog.requireUnchanged(current);
      await replaceCluster(trx, catalog.box, wanted, Date.now());
    });
  }
}

/** What doesn't belong to the cluster's way of signing in is refused, so that nobody believes it was changed. */
function withCredentials(security: ClusterSecurity, given: ClusterCredentials): unknown {
  const { sasl, tls } = security;
  const { username, password, clientId, clientSecret, cert, key, keyPassword } = given;
  const allowed = [
    ...(sasl
      ? sasl.mechanism === 'OAUTHBEARER'
        ? ['clientId', 'clientSecret']
        : ['username', 'password']
      : []),
    ...(security.protocol.endsWith('SSL') ? ['cert', 'key', 'keyPassword'] : []),
  ];
  const stray = Object.keys(given).filter((field) => !allowed.includes(field));
  if (stray.length > 0) {
    const how = [security.protocol, sasl?.mechanism].filter(Boolean).join(', ');
    throw new LandbridgeError(
      'INVALID_REQUEST',
      `This cluster does not sign in with ${stray.join(', ')} (${how}).`,
      {
        fields: Object.fromEntries(stray.map((field) => [field, 'It is not used by this cluster.'])),
      },
    );
  }
  const needs = (field: 'password' | 'clientSecret' | 'key', by: string) =>
    new LandbridgeError('INVALID_REQUEST', `A new ${by} comes with its ${field}.`, {
      fields: { [field]: `Give it together with ${by}.` },
    });
  if (username !== undefined && password === undefined) throw needs('password', 'username');
  if (clientId !== undefined && clientSecret === undefined) throw needs('clientSecret', 'clientId');
  if (cert !== undefined && key === undefined) throw needs('key', 'cert');
  const certificate = cert ?? tls?.cert;
  const newTls =
    key === undefined
      ? keyPassword === undefined
        ? tls
        : { ...tls, keyPassword }
      : { ...tls, cert: certificate, key, keyPassword };
  return {
    ...security,
    ...(sasl ? { sasl: { ...sasl, ...defined({ username, password, clientId, clientSecret }) } } : {}),
    ...(newTls ? { tls: newTls } : {}),
  };
}

const defined = (values: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function inFile(name: string): LandbridgeError {
  return new LandbridgeError(
    'CLUSTER_IN_FILE',
    `Cluster "${name}" comes from landbridge.yaml: change its credentials there, and send the server a SIGHUP. Its links go on.`,
  );
}
