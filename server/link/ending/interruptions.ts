// Why the work on an operation ends before its last step.

/** The engine stops, or the operation is not this one's any more: nothing is said, whoever comes next does it again. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}
/** Somebody has taken it back, and the fence is not there yet. */
export class Cancelled extends Error {
  override name = 'Cancelled';
}
/** It cannot be done; the mirror goes on as before. */
export class OperationFailed extends Error {
  override name = 'OperationFailed';
}

export const isEndOfWork = (error: unknown): boolean =>
  error instanceof Interrupted || error instanceof Cancelled || error instanceof OperationFailed;
