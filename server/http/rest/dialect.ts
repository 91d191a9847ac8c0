// How /kafka/v3 speaks: errors as {error_code, message} with Confluent's codes, raw 64-bit integers.
import { type ErrorCode, errorStatus, type LandbridgeError } from '@/server/errors';
import { answer, type Described, type Dialect, factsOf, type RouteDefinition, run } from '../define-route';
import { jsonText } from '../json';

/** [HTTP status, error_code]; what is not named keeps its status for both. */
const restCodes: Partial<Record<ErrorCode, readonly [number, number]>> = {
  UNAUTHENTICATED: [401, 40101],
  FORBIDDEN: [403, 40301],
  HOST_NOT_ALLOWED: [403, 40301],
  FOREIGN_ORIGIN: [403, 40301],
  /** UNKNOWN_TOPIC_OR_PARTITION in Kafka's words. */
  MIRROR_NOT_FOUND: [404, 40403],
  // 40002: the request was understood and cannot be done as asked.
  SAME_CLUSTER: [400, 40002],
  LINK_EXISTS: [400, 40002],
  NOT_IMPLEMENTED: [400, 40002],
  MIRROR_EXISTS: [400, 40002],
  MIRROR_TOPIC_TAKEN: [400, 40002],
  MIRROR_CYCLE: [400, 40002],
  MIRROR_STATE: [400, 40002],
  MIRROR_REFUSED: [400, 40002],
  LINK_CHECK_FAILED: [400, 40002],
  KAFKA_REQUEST_FAILED: [500, 50002],
  // 50003: may succeed when tried again.
  ENGINE_UNAVAILABLE: [503, 50003],
  SHUTTING_DOWN: [503, 50003],
  ENGINE_TIMEOUT: [500, 50003],
};

const codesOf = ({ code }: LandbridgeError): readonly [number, number] =>
  restCodes[code] ?? [errorStatus[code], errorStatus[code]];

export const restDialect: Dialect = {
  serialise: jsonText,
  errorBody: (error) => ({ error_code: codesOf(error)[1], message: error.message }),
  errorStatus: (error) => codesOf(error)[0],
};

/** Called by the router with the names that the path holds. */
export type RestHandler = (request: Request, params: Record<string, string>) => Promise<Response>;
export type DescribedRestHandler = RestHandler & Described;

export function restRoute<P = unknown, Q = unknown, B = unknown, R = unknown>(
  definition: RouteDefinition<P, Q, B, R>,
): DescribedRestHandler {
  const handler: RestHandler = (request, params) =>
    answer(restDialect, request, (requestId) =>
      run(restDialect, definition, request, Promise.resolve(params), requestId),
    );
  return Object.assign(handler, { definition: factsOf(definition) });
}

/** As numbers in the rows of an operation on many mirrors. */
export const restErrorCode = (error: LandbridgeError): number => codesOf(error)[1];
