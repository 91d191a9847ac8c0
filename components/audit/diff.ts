// Before and after of an audit entry, value by value: nested names become paths. Pure.
export type Change = {
  path: string;
  /** Undefined: it was not there. */
  before: string | undefined;
  after: string | undefined;
  changed: boolean;
};

/** Everything that either side has, in the order of the first that has it. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const [old, now] = [flat(before), flat(after)];
  const paths = new Set([...old.keys(), ...now.keys()]);
  return [...paths].map((path) => {
    const [a, b] = [old.get(path), now.get(path)];
    return { path, before: a, after: b, changed: a !== b || isChangedSecret(b) };
  });
}

/** A secret that changed is written the same way as any value: by its words. */
const isChangedSecret = (value: string | undefined): boolean => value === 'secret (changed)';

function flat(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value === null && path === '') return into;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)) {
    into.set(path, value.join(', '));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) flat(item, path === '' ? key : `${path}.${key}`, into);
  } else into.set(path, String(value));
  return into;
}
