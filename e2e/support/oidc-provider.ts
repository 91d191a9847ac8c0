// A certified OpenID provider on loopback, with its own sign-in pages: any login and password will do. PKCE is enforced. Names
// and groups are told at the userinfo endpoint only, as many providers do.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { Provider } from 'oidc-provider';
import { freePorts } from '@/harness/ports';

export class OidcProvider {
  readonly issuer: string;
  /** Groups by login; whoever is not in it has none. May be changed at any time. */
  readonly groups = new Map<string, string[]>();
  readonly #server: Server;

  private constructor(issuer: string, server: Server) {
    this.issuer = issuer;
    this.#server = server;
  }

  static async start(client: { id: string; secret: string; redirectUri: string }): Promise<OidcProvider> {
    const [port] = await freePorts(1);
    const issuer = `http://127.0.0.1:${port}`;
    let own: OidcProvider | null = null;
    const provider = new Provider(issuer, {
      clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [client.redirectUri] }],
      pkce: { required: () => true },
      scopes: ['openid', 'profile', 'groups'],
      claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
      cookies: { keys: ['of the test provider'] },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({
          sub: id,
          name: `${id} of the provider`,
          preferred_username: id,
          groups: own?.groups.get(id) ?? [],
        }),
      }),
    });
    const server = provider.listen(port, '127.0.0.1');
    await once(server, 'listening');
    own = new OidcProvider(issuer, server);
    return own;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
