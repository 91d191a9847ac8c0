// The secured side of a running test cluster: where to connect, with which certificates and tokens, and what tests change
// about it while brokers run. Users and ACLs are in access.ts.
import type { Broker } from './broker';
import type { CertificateRequest, IssuedCertificate } from './certificates';
import {
  type ClusterSecurity,
  kafkaName,
  type SecuredListener,
  usesZooKeeper,
  writeServerCertificate,
} from './security';
import type { TokenServer } from './token-server';
import { alterConfig } from './topics';

export class SecuredCluster {
  readonly #security: ClusterSecurity;
  readonly #brokers: readonly Broker[];
  readonly #plainBootstrap: string;

  constructor(security: ClusterSecurity, brokers: readonly Broker[], plainBootstrap: string) {
    this.#security = security;
    this.#brokers = brokers;
    this.#plainBootstrap = plainBootstrap;
  }

  /** "127.0.0.1:p1,127.0.0.1:p2" of a listener. @throws when the cluster has no such listener */
  bootstrap(listener: SecuredListener): string {
    const ports = this.#security.ports.get(listener);
    if (!ports)
      throw new Error(
        `This cluster listens on ${[...this.#security.ports.keys()].join(', ')}, not on ${listener}.`,
      );
    return ports.map((port) => `127.0.0.1:${port}`).join(',');
  }

  /** PEM text of the CA that signed the brokers' certificates and those of clients. */
  get ca(): string {
    return this.#security.ca.pem;
  }

  /** A certificate that signs its holder in as User:<name> on the MTLS listener. */
  clientCertificate(request: CertificateRequest): Promise<IssuedCertificate> {
    return this.#security.ca.issueClient(request);
  }

  get tokenServer(): TokenServer {
    const { tokenServer } = this.#security;
    if (!tokenServer) throw new Error('This cluster was started without oauthClients.');
    return tokenServer;
  }

  /** Gives all running brokers another certificate; connections that are open stay. */
  async renewServerCertificates(request: Partial<CertificateRequest> = {}): Promise<void> {
    if (usesZooKeeper(this.#security.version))
      throw new Error(`Brokers of Kafka ${this.#security.version} cannot be given another certificate here.`);
    const listeners = [...this.#security.ports.keys()].filter((name) => name !== 'SASL_PLAINTEXT');
    for (const broker of this.#brokers) {
      const file = await writeServerCertificate(this.#security, broker.nodeDir, request);
      const configs = listeners.map((name) => [
        `listener.name.${kafkaName(name).toLowerCase()}.ssl.keystore.location`,
        file,
      ]);
      await alterConfig({
        bootstrap: this.#plainBootstrap,
        broker: broker.id,
        configs: Object.fromEntries(configs),
      });
    }
  }

  async close(): Promise<void> {
    await this.#security.tokenServer?.close();
  }
}
