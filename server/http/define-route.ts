/**
 * Every route of /api is one of these: knock (host, origin) → authenticate → authorise → parse → act → check the
 * response → map the error. A route file holds nothing else.
 */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Access, Actor } from '@/server/access/actor';
import { inRequest, noteActor } from '@/server/access/audit-context';
import { authoriseSomewhere } from '@/server/access/authorise';
import { scrubAll } from '@/server/access/scrub';
import {
  type ErrorCode,
  errorStatus,
  isLandbridgeError,
  LandbridgeError,
  repeatsOthers,
} from '@/server/errors';
import { runningRuntime } from '@/server/running';
import type { Runtime } from '@/server/runtime';
import { authenticate } from './authenticate';
import { checkMode } from './check-mode';
import { clientAddress } from './client-address';
import { countRefusal } from './count-refusal';
import { baseUrlOf, checkHost, checkOrigin } from './door';
import { Download } from './download';
import { parseInput, queryObject } from './parse-input';
import { readJsonBody } from './read-body';

export type RouteParams = Record<string, string | string[] | undefined>;
export type RouteHandler = (request: Request, context: { params: Promise<RouteParams> }) => Promise<Response>;

export type RouteInput<P, Q, B> = {
  runtime: Runtime;
  actor: Actor;
  params: P;
  query: Q;
  body: B;
  requestId: string;
  headers: Headers;
  /** The address that the client came by: the public one, or this machine's own. */
  baseUrl: string;
};

export type RouteDefinition<P, Q, B, R> = {
  access: Access;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** Another way to read the body than as JSON of the usual size. */
  readBody?: (request: Request, by: { runtime: Runtime; actor: Actor }) => Promise<unknown>;
  /** Null: no content. What the schema does not name is not sent. */
  response: z.ZodType<R> | null;
  /** Content types of a route whose handler returns a `Download`; its `response` is null. */
  downloads?: readonly string[];
  status?: number | ((value: R) => number);
  /**
   * Health only: answered under any name, because probes ask by address, and not counted, because whoever floods the server
   * must not make a load balancer think it dead.
   */
  probe?: true;
  handler(input: RouteInput<P, Q, B>): Promise<R> | R;
};

/** What tells /api from /kafka/v3. */
export type Dialect = {
  serialise(value: unknown): string;
  errorBody(error: LandbridgeError, requestId: string): unknown;
  errorStatus(error: LandbridgeError): number;
};

export const apiDialect: Dialect = {
  serialise: JSON.stringify,
  errorBody: ({ code, message, fields }, requestId) => ({ code, message, fields, requestId }),
  errorStatus: ({ code }) => errorStatus[code],
};

/** What can be told of a route without calling it: the OpenAPI document and the access matrix are made from this. */
export type RouteFacts = Pick<
  RouteDefinition<unknown, unknown, unknown, unknown>,
  'access' | 'params' | 'query' | 'body' | 'response' | 'status' | 'downloads'
>;
export type Described = { readonly definition: RouteFacts };

export function defineRoute<P = unknown, Q = unknown, B = unknown, R = unknown>(
  definition: RouteDefinition<P, Q, B, R>,
): RouteHandler & Described {
  const handler: RouteHandler = (request, context) =>
    answer(apiDialect, request, (requestId) =>
      run(apiDialect, definition, request, context.params, requestId),
    );
  return Object.assign(handler, { definition: factsOf(definition) });
}

export function factsOf<P, Q, B, R>(definition: RouteDefinition<P, Q, B, R>): RouteFacts {
  const { access, params, query, body, response, status, downloads } = definition;
  return {
    access,
    response,
    ...(params ? { params } : {}),
    ...(query ? { query } : {}),
    ...(body ? { body } : {}),
    ...(downloads ? { downloads } : {}),
    // Only a fixed status is a fact; one that depends on the answer is told by the answer.
    ...(typeof status === 'number' ? { status } : {}),
  };
}

/** The steps of a route in their order; errors are left to `answer`. */
export async function run<P, Q, B, R>(
  dialect: Dialect,
  definition: RouteDefinition<P, Q, B, R>,
  request: Request,
  pathParams: Promise<RouteParams>,
  requestId: string,
): Promise<Response> {
  const runtime = runningRuntime();
  try {
    if (!definition.probe) checkHost(request.headers, runtime.config);
    checkOrigin(request.method, request.headers, runtime.config);
  } catch (error) {
    // Knocking under wrong names is counted as well.
    await runtime.rates.take({ kind: 'anonymous', address: clientAddress(request.headers) });
    throw error;
  }
  const actor = await identify(runtime, request.headers, definition);
  noteActor(actor);
  authoriseSomewhere(actor, definition.access);
  checkMode(new URL(request.url).pathname, runtime.config.monitoring.mode);
  const params = definition.params && parseInput(definition.params, await pathParams, 'path');
  const query = definition.query && parseInput(definition.query, queryObject(request), 'query');
  const { readBody = (read: Request) => readJsonBody(read) } = definition;
  const body =
    definition.body && parseInput(definition.body, await readBody(request, { runtime, actor }), 'body');
  const baseUrl = baseUrlOf(request.headers, runtime.config);
  const value = await definition.handler({
    runtime,
    actor,
    // Without a schema the type is unknown, and so is the value.
    params: params as P,
    query: query as Q,
    body: body as B,
    requestId,
    headers: request.headers,
    baseUrl,
  });
  const status = typeof definition.status === 'function' ? definition.status(value) : definition.status;
  if (value instanceof Download) return value.response(headers(requestId));
  if (definition.response === null)
    return new Response(null, { status: status ?? 204, headers: headers(requestId) });
  return json(dialect, definition.response.parse(value), status ?? 200, requestId);
}

/** Who asks, once they have been counted: with credentials by themselves, without or with wrong ones by their address. */
export async function identify(
  runtime: Runtime,
  headers: Headers,
  { access, probe }: { access: Access; probe?: true },
): Promise<Actor> {
  const address = clientAddress(headers);
  const anonymous: Actor = { kind: 'anonymous', address };
  let actor: Actor = anonymous;
  if (access !== 'anonymous') {
    try {
      actor = await authenticate(runtime, headers, address);
    } catch (error) {
      await runtime.rates.take(anonymous);
      throw error;
    }
  }
  if (!probe) await runtime.rates.take(actor);
  return actor;
}

/** Runs `work` and turns whatever it throws into an answer; only errors of the closed list are told. */
export async function answer(
  dialect: Dialect,
  request: Request,
  work: (requestId: string) => Promise<Response>,
): Promise<Response> {
  const requestId = randomUUID();
  return inRequest({ requestId, actor: null }, () => answered(dialect, request, requestId, work));
}

async function answered(
  dialect: Dialect,
  request: Request,
  requestId: string,
  work: (requestId: string) => Promise<Response>,
): Promise<Response> {
  try {
    return await work(requestId);
  } catch (error) {
    const known = isLandbridgeError(error) ? error : internalError(error, request, requestId);
    if (known.cause !== undefined && known.code !== 'INVALID_REQUEST') {
      logError(`${known.code}: ${known.message} (request ${requestId})`, known.cause);
    }
    const status = dialect.errorStatus(known);
    countRefusal(request, known, status);
    const body = dialect.errorBody(known, requestId);
    const response = json(dialect, repeatsOthers(known.code) ? scrubAll(body) : body, status, requestId);
    if (known.code === 'UNAUTHENTICATED')
      response.headers.set('www-authenticate', challengeTo(request.headers));
    const retryAfterSeconds = known.retryAfterSeconds ?? retryAfterOf[known.code];
    if (retryAfterSeconds !== undefined) response.headers.set('retry-after', String(retryAfterSeconds));
    return response;
  }
}

/** A page is not offered Basic: its browser would ask for a key in a window of its own. */
const challengeTo = (headers: Headers): string =>
  `${headers.has('sec-fetch-site') ? 'Bearer' : 'Basic'} realm="Landbridge"`;

const retryAfterOf: Partial<Record<ErrorCode, number>> = { ENGINE_UNAVAILABLE: 2, SHUTTING_DOWN: 2 };

function internalError(error: unknown, request: Request, requestId: string): LandbridgeError {
  const { pathname } = new URL(request.url);
  logError(`${request.method} ${pathname} failed (request ${requestId}).`, error);
  return new LandbridgeError(
    'INTERNAL',
    `The server failed to answer; its log says why, under request ${requestId}.`,
  );
}

function logError(message: string, error: unknown): void {
  try {
    runningRuntime().log('error', message, error);
  } catch {
    console.error(message, error);
  }
}

function json(dialect: Dialect, value: unknown, status: number, requestId: string): Response {
  return new Response(dialect.serialise(value), {
    status,
    headers: { ...headers(requestId), 'content-type': 'application/json; charset=utf-8' },
  });
}

const headers = (requestId: string) => ({
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-request-id': requestId,
});
