// Errors of the Kafka protocol and of our connections to it: a closed list, each saying which broker and API, and whether trying again can help.

/** Codes as in org.apache.kafka.common.protocol.Errors; retriable as Kafka's own clients treat them. */
const PROTOCOL_ERRORS = {
  [-1]: ['UNKNOWN_SERVER_ERROR', false],
  1: ['OFFSET_OUT_OF_RANGE', false],
  2: ['CORRUPT_MESSAGE', true],
  3: ['UNKNOWN_TOPIC_OR_PARTITION', true],
  4: ['INVALID_FETCH_SIZE', false],
  5: ['LEADER_NOT_AVAILABLE', true],
  6: ['NOT_LEADER_OR_FOLLOWER', true],
  7: ['REQUEST_TIMED_OUT', true],
  8: ['BROKER_NOT_AVAILABLE', true],
  9: ['REPLICA_NOT_AVAILABLE', true],
  10: ['MESSAGE_TOO_LARGE', false],
  12: ['OFFSET_METADATA_TOO_LARGE', false],
  13: ['NETWORK_EXCEPTION', true],
  14: ['COORDINATOR_LOAD_IN_PROGRESS', true],
  15: ['COORDINATOR_NOT_AVAILABLE', true],
  16: ['NOT_COORDINATOR', true],
  17: ['INVALID_TOPIC_EXCEPTION', false],
  18: ['RECORD_LIST_TOO_LARGE', false],
  19: ['NOT_ENOUGH_REPLICAS', true],
  20: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', true],
  21: ['INVALID_REQUIRED_ACKS', false],
  22: ['ILLEGAL_GENERATION', false],
  24: ['INVALID_GROUP_ID', false],
  25: ['UNKNOWN_MEMBER_ID', false],
  27: ['REBALANCE_IN_PROGRESS', false],
  28: ['INVALID_COMMIT_OFFSET_SIZE', false],
  29: ['TOPIC_AUTHORIZATION_FAILED', false],
  30: ['GROUP_AUTHORIZATION_FAILED', false],
  31: ['CLUSTER_AUTHORIZATION_FAILED', false],
  32: ['INVALID_TIMESTAMP', false],
  33: ['UNSUPPORTED_SASL_MECHANISM', false],
  34: ['ILLEGAL_SASL_STATE', false],
  35: ['UNSUPPORTED_VERSION', false],
  36: ['TOPIC_ALREADY_EXISTS', false],
  37: ['INVALID_PARTITIONS', false],
  38: ['INVALID_REPLICATION_FACTOR', false],
  39: ['INVALID_REPLICA_ASSIGNMENT', false],
  40: ['INVALID_CONFIG', false],
  41: ['NOT_CONTROLLER', true],
  42: ['INVALID_REQUEST', false],
  43: ['UNSUPPORTED_FOR_MESSAGE_FORMAT', false],
  44: ['POLICY_VIOLATION', false],
  45: ['OUT_OF_ORDER_SEQUENCE_NUMBER', false],
  46: ['DUPLICATE_SEQUENCE_NUMBER', false],
  47: ['INVALID_PRODUCER_EPOCH', false],
  48: ['INVALID_TXN_STATE', false],
  49: ['INVALID_PRODUCER_ID_MAPPING', false],
  50: ['INVALID_TRANSACTION_TIMEOUT', false],
  51: ['CONCURRENT_TRANSACTIONS', true],
  52: ['TRANSACTION_COORDINATOR_FENCED', false],
  53: ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', false],
  54: ['SECURITY_DISABLED', false],
  55: ['OPERATION_NOT_ATTEMPTED', false],
  56: ['KAFKA_STORAGE_ERROR', true],
  58: ['SASL_AUTHENTICATION_FAILED', false],
  59: ['UNKNOWN_PRODUCER_ID', false],
  66: ['DELEGATION_TOKEN_EXPIRED', false],
  68: ['NON_EMPTY_GROUP', false],
  69: ['GROUP_ID_NOT_FOUND', false],
  70: ['FETCH_SESSION_ID_NOT_FOUND', true],
  71: ['INVALID_FETCH_SESSION_EPOCH', true],
  72: ['LISTENER_NOT_FOUND', true],
  73: ['TOPIC_DELETION_DISABLED', false],
  74: ['FENCED_LEADER_EPOCH', true],
  75: ['UNKNOWN_LEADER_EPOCH', true],
  76: ['UNSUPPORTED_COMPRESSION_TYPE', false],
  78: ['OFFSET_NOT_AVAILABLE', true],
  83: ['ELIGIBLE_LEADERS_NOT_AVAILABLE', true],
  87: ['INVALID_RECORD', false],
  88: ['UNSTABLE_OFFSET_COMMIT', true],
  89: ['THROTTLING_QUOTA_EXCEEDED', true],
  90: ['PRODUCER_FENCED', false],
  99: ['BROKER_ID_NOT_REGISTERED', true],
  100: ['UNKNOWN_TOPIC_ID', true],
  103: ['INCONSISTENT_TOPIC_ID', true],
  105: ['TRANSACTIONAL_ID_NOT_FOUND', false],
  106: ['FETCH_SESSION_TOPIC_ID_ERROR', true],
  109: ['OFFSET_MOVED_TO_TIERED_STORAGE', false],
  113: ['STALE_MEMBER_EPOCH', false],
  120: ['TRANSACTION_ABORTABLE', false],
} as const satisfies Record<number, readonly [string, boolean]>;

export type ProtocolErrorName = (typeof PROTOCOL_ERRORS)[keyof typeof PROTOCOL_ERRORS][0] | 'NONE';

export const NONE = 0;
export const ErrorCode = {
  OFFSET_OUT_OF_RANGE: 1,
  CORRUPT_MESSAGE: 2,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  NOT_LEADER_OR_FOLLOWER: 6,
  MESSAGE_TOO_LARGE: 10,
  OFFSET_METADATA_TOO_LARGE: 12,
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  COORDINATOR_NOT_AVAILABLE: 15,
  NOT_COORDINATOR: 16,
  ILLEGAL_GENERATION: 22,
  UNKNOWN_MEMBER_ID: 25,
  REBALANCE_IN_PROGRESS: 27,
  TOPIC_AUTHORIZATION_FAILED: 29,
  GROUP_AUTHORIZATION_FAILED: 30,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  TOPIC_ALREADY_EXISTS: 36,
  INVALID_CONFIG: 40,
  UNSUPPORTED_FOR_MESSAGE_FORMAT: 43,
  POLICY_VIOLATION: 44,
  OUT_OF_ORDER_SEQUENCE_NUMBER: 45,
  DUPLICATE_SEQUENCE_NUMBER: 46,
  INVALID_PRODUCER_EPOCH: 47,
  UNKNOWN_PRODUCER_ID: 59,
  CONCURRENT_TRANSACTIONS: 51,
  OPERATION_NOT_ATTEMPTED: 55,
  KAFKA_STORAGE_ERROR: 56,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 53,
  SECURITY_DISABLED: 54,
  NON_EMPTY_GROUP: 68,
  GROUP_ID_NOT_FOUND: 69,
  FETCH_SESSION_ID_NOT_FOUND: 70,
  INVALID_FETCH_SESSION_EPOCH: 71,
  FENCED_LEADER_EPOCH: 74,
  UNKNOWN_LEADER_EPOCH: 75,
  INVALID_RECORD: 87,
  UNSTABLE_OFFSET_COMMIT: 88,
  PRODUCER_FENCED: 90,
  UNKNOWN_TOPIC_ID: 100,
  INCONSISTENT_TOPIC_ID: 103,
  TRANSACTIONAL_ID_NOT_FOUND: 105,
  FETCH_SESSION_TOPIC_ID_ERROR: 106,
} as const;

export function errorName(code: number): string {
  if (code === NONE) return 'NONE';
  const known = PROTOCOL_ERRORS[code as keyof typeof PROTOCOL_ERRORS];
  return known ? known[0] : `ERROR_${code}`;
}

/** True when the same request may succeed later, possibly after a metadata refresh. Unknown codes are not retriable. */
export function isRetriableCode(code: number): boolean {
  return PROTOCOL_ERRORS[code as keyof typeof PROTOCOL_ERRORS]?.[1] ?? false;
}

/** Anything that went wrong between us and a broker. `where` is "host:port" or "broker 2 (host:port)". */
export class KafkaError extends Error {
  readonly retriable: boolean;
  constructor(message: string, options: { retriable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'KafkaError';
    this.retriable = options.retriable;
  }
}

/** The broker answered with an error code. */
export class ProtocolError extends KafkaError {
  readonly code: number;
  constructor(code: number, where: string, api: string, detail = '') {
    super(`${api} at ${where}: ${errorName(code)}${detail ? ` (${detail})` : ''}`, {
      retriable: isRetriableCode(code),
    });
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** The bytes received are not what the grammar says. The connection cannot be trusted any more. */
export class DecodeError extends KafkaError {
  constructor(message: string) {
    super(message, { retriable: false });
    this.name = 'DecodeError';
  }
}

export type ConnectStage = 'RESOLVE' | 'TCP' | 'TLS' | 'SASL' | 'API_VERSIONS';

/** A connection could not be made; `stage` names how far it got. */
export class ConnectError extends KafkaError {
  readonly stage: ConnectStage;
  constructor(
    stage: ConnectStage,
    where: string,
    message: string,
    options: { retriable: boolean; cause?: unknown },
  ) {
    super(`${where}: ${message}`, options);
    this.name = 'ConnectError';
    this.stage = stage;
  }
}

/** The connection ended, or no answer came in time: the fate of the requests in flight is unknown. */
export class ConnectionLostError extends KafkaError {
  constructor(where: string, message: string, cause?: unknown) {
    super(`${where}: ${message}`, { retriable: true, cause });
    this.name = 'ConnectionLostError';
  }
}

export class TimeoutError extends KafkaError {
  constructor(where: string, api: string, timeoutMs: number) {
    super(`${api} at ${where}: no answer within ${timeoutMs} ms`, { retriable: true });
    this.name = 'TimeoutError';
  }
}
