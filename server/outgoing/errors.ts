// What can go wrong with an outgoing call. Messages name host and port, never path, query, headers or body: those may hold secrets.

export type OutgoingFailure =
  /** By the rules of addresses.ts, or by what was asked; nothing was sent. */
  | 'REFUSED'
  | 'RESOLVE'
  | 'CONNECT'
  | 'TLS'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  /** The connection broke, or what came was not HTTP. */
  | 'BROKEN';

export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly failure: OutgoingFailure;

  constructor(failure: OutgoingFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
