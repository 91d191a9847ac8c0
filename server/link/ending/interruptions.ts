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

/** What was drained is so no more, and the fence is not there yet: it is drained again. */
export class NotDrained extends Error {
  override name = 'NotDrained';
}

const ENDS = [Interrupted, Cancelled, OperationFailed, NotDrained];
export const isEndOfWork = (error: unknown): boolean => ENDS.some((end) => error instanceof end);
