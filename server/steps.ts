// Long work in steps of a millisecond or two, so that whoever does it can let others through in between.

/** Whoever doesn't go on with it calls `return`. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does all of it now. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
