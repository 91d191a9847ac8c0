// For classes whose objects are many for a moment and then all gone, as those that read an answer. Where memory is given back in a pause, V8 forgets the
// hidden class of which no object is left, and with it all code that was compiled for it: a sweep once a minute would be compiled anew each time.
const kept: object[] = [];

/** Keeps one of them, so that the next ones are of the same hidden class. */
export const keepShape = (one: object): void => {
  kept.push(one);
};
