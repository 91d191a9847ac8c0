// The closed list of errors that the server answers with. Each says what happened, where, and what to do next.
// Bundles may hold copies of this module, so an error is recognised by its brand, never by instanceof.

/** code → HTTP status. What is not here is INTERNAL: logged with its cause, answered without it. */
export const errorStatus = {
  INVALID_REQUEST: 400,
  PASSWORD_NEEDED: 400,
  SAME_CLUSTER: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  HOST_NOT_ALLOWED: 403,
  FOREIGN_ORIGIN: 403,
  NOT_FOUND: 404,
  CLUSTER_NOT_FOUND: 404,
  LINK_NOT_FOUND: 404,
  PERSON_NOT_FOUND: 404,
  API_KEY_NOT_FOUND: 404,
  APPROVAL_NOT_FOUND: 404,
  MIRROR_NOT_FOUND: 404,
  OPERATION_NOT_FOUND: 404,
  /** On a hub. */
  CONSOLE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  /** Only from a session whose sign-in is younger than 15 minutes. */
  FRESH_SIGN_IN_NEEDED: 403,
  /** The same, and signing in again may not help: the provider does not say when somebody signed in there. */
  SIGN_IN_TIME_UNKNOWN: 403,
  CLUSTER_EXISTS: 409,
  PERSON_EXISTS: 409,
  LAST_ADMINISTRATOR: 409,
  /** Roles that follow the provider's groups are changed there. */
  GRANTS_FROM_PROVIDER: 409,
  /** A second person must confirm first; `fields.approval` holds the request's id, if there is one. */
  APPROVAL_NEEDED: 409,
  /** Confirmed, rejected or withdrawn already, or the facts have changed since. */
  APPROVAL_CLOSED: 409,
  CLUSTER_IN_USE: 409,
  /** By somebody else, meanwhile. */
  ALERT_ACKNOWLEDGED: 409,
  /** A route sends alerts to it. */
  CHANNEL_IN_USE: 409,
  CLUSTER_IN_FILE: 409,
  /** It was edited while something was tried with it. */
  CLUSTER_CHANGED: 409,
  LINK_EXISTS: 409,
  /** Two consoles report with the same key. */
  CONSOLE_CONFLICT: 409,
  MIRROR_EXISTS: 409,
  MIRROR_TOPIC_TAKEN: 409,
  MIRROR_CYCLE: 409,
  /** It cannot be done in the state that the mirror is in; the message says what to do first. */
  MIRROR_STATE: 409,
  /** A task that is switched off, or whose link stands still. */
  TASK_STATE: 409,
  /** A promote or failover that has ended, or cannot be taken back any more; or has no statement. */
  OPERATION_CLOSED: 409,
  /** A one-time link that was used, replaced or is too old. */
  LINK_SPENT: 410,
  BODY_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  /** A staged check failed; the message names the end and the stage. */
  LINK_CHECK_FAILED: 422,
  /** New credentials of a cluster do not sign in everywhere; nothing was changed. */
  CREDENTIALS_REFUSED: 422,
  /** A mirror topic cannot be created; `fields` holds the reason per topic. */
  MIRROR_REFUSED: 422,
  INTERNAL: 500,
  NOT_IMPLEMENTED: 501,
  /** Kafka was asked and did not let us, or did not answer. */
  KAFKA_REQUEST_FAILED: 502,
  /** The audit log cannot be written, so nothing is done. */
  AUDIT_UNAVAILABLE: 503,
  ENGINE_UNAVAILABLE: 503,
  MONITORING_UNAVAILABLE: 503,
  /** Monitoring has not seen it yet: after a start, or while no broker answers. */
  NOT_OBSERVED_YET: 503,
  SHUTTING_DOWN: 503,
  ENGINE_TIMEOUT: 504,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorStatus;

const foreignWords: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'KAFKA_REQUEST_FAILED',
  'LINK_CHECK_FAILED',
  'CREDENTIALS_REFUSED',
  'ENGINE_UNAVAILABLE',
  'ENGINE_TIMEOUT',
  'MONITORING_UNAVAILABLE',
]);
/**
 * Whether the error repeats what brokers and token endpoints said. Only such are searched for secrets: words of the client's own
 * that come back as [secret] would tell it which of its guesses are secrets of this server.
 */
export const repeatsOthers = (code: ErrorCode): boolean => foreignWords.has(code);

const brand = Symbol.for('landbridge.error');

export class LandbridgeError extends Error {
  override readonly name = 'LandbridgeError';
  readonly [brand] = true;
  readonly code: ErrorCode;
  /** Field path → message, for bad input. */
  readonly fields: Record<string, string> | undefined;
  /** After how long the same request may succeed; null where waiting does not help. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options?: { fields?: Record<string, string>; retryAfterSeconds?: number; cause?: unknown },
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options?.fields;
    this.retryAfterSeconds = options?.retryAfterSeconds ?? null;
  }
}

export function isLandbridgeError(error: unknown): error is LandbridgeError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Why the server cannot start: shown as it is, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
