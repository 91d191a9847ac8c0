// An OAuth 2.0 token endpoint for tests (client credentials, RFC 6749): tokens signed with RS256, as short-lived as asked for.
// It can be told to fail. On https with a certificate of the cluster's test CA, ends with `close`.
import { createPrivateKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { promisify } from 'node:util';
import type { TestCa } from './certificates';
import { freePorts } from './ports';

const KEY_ID = 'landbridge-test';

export class TokenServer {
  /** https, on this machine. */
  readonly endpoint: string;
  /** The key set that brokers check signatures with. */
  readonly jwks: string;
  /** Of tokens issued from now on. */
  tokenLifetimeMs = 3_600_000;
  /** Set: every request is answered so. */
  failure: { status: number; body: string } | null = null;
  /** Requests so far, and what the last one asked for. */
  requests = 0;
  lastForm: URLSearchParams | null = null;
  readonly #clients: Map<string, string>;
  readonly #key: KeyObject;
  readonly #server: Server;

  private constructor(
    clients: Map<string, string>,
    key: KeyObject,
    jwks: string,
    server: Server,
    port: number,
  ) {
    this.#clients = clients;
    this.#key = key;
    this.jwks = jwks;
    this.#server = server;
    this.endpoint = `https://localhost:${port}/token`;
  }

  static async start(clients: Record<string, string>, ca: TestCa): Promise<TokenServer> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' };
    const { cert, key } = await ca.issueServer({ name: 'token endpoint' });
    const [port] = (await freePorts(1)) as [number];
    const server = createServer({ cert, key });
    const tokens = new TokenServer(
      new Map(Object.entries(clients)),
      createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      JSON.stringify({ keys: [jwk] }),
      server,
      port,
    );
    server.on('request', (request, response) => void tokens.#answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    server.unref();
    return tokens;
  }

  /** A new secret, or none for a client that is gone. */
  setClient(id: string, secret: string | null): void {
    if (secret === null) this.#clients.delete(id);
    else this.#clients.set(id, secret);
  }

  /** A signed token for a user. */
  token(subject: string, lifetimeMs = this.tokenLifetimeMs): string {
    const seconds = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      sub: subject,
      iss: 'landbridge-test',
      iat: seconds,
      exp: seconds + Math.ceil(lifetimeMs / 1000),
    };
    const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })}.${part(claims)}`;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), this.#key).toString('base64url')}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.lastForm = new URLSearchParams(Buffer.concat(chunks).toString());
    const send = (status: number, body: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    if (this.failure) return void send(this.failure.status, this.failure.body);
    const [id, secret] = credentials(request, this.lastForm);
    if (secret === undefined || this.#clients.get(id) !== secret)
      return void send(
        401,
        JSON.stringify({ error: 'invalid_client', error_description: `unknown client ${id}` }),
      );
    const token = {
      access_token: this.token(id),
      token_type: 'Bearer',
      expires_in: Math.ceil(this.tokenLifetimeMs / 1000),
    };
    send(200, JSON.stringify(token));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** From the Authorization header (RFC 6749 section 2.3.1: each part form-encoded first), else from the form. */
function credentials(request: IncomingMessage, form: URLSearchParams): [string, string | undefined] {
  const header = request.headers.authorization;
  if (!header?.startsWith('Basic '))
    return [form.get('client_id') ?? '', form.get('client_secret') ?? undefined];
  const text = Buffer.from(header.slice(6), 'base64').toString();
  const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '));
  const colon = text.indexOf(':');
  return [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
}
