// ${NAME} and ${file:path} in landbridge.yaml: the only place where the environment or a file of this machine is put into a setting. Never called with what people or programs send.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export type References = {
  environment: Record<string, string | undefined>;
  /** Relative paths count from the folder of landbridge.yaml. */
  folder: string;
  /** What is missing is added here, one line each, naming the place and never a value. */
  problems: string[];
};

const largestFileBytes = 1_048_576;

/** Only whole values are looked at, after parsing: they can hold any character without becoming YAML. `$${` is a literal `${`. */
export function resolveReferences(value: unknown, references: References, path: PropertyKey[] = []): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$(\$?)\{([^}]*)\}/g, (whole, escaped: string, name: string) =>
      escaped ? whole.slice(1) : referred(name, references, placeName(path)),
    );
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => resolveReferences(item, references, [...path, index]));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolveReferences(item, references, [...path, key])]),
    );
  }
  return value;
}

export function placeName(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (so, key) =>
      typeof key === 'number' ? `${so}[${key}]` : so === '' ? String(key) : `${so}.${String(key)}`,
    '',
  );
  return text === '' ? 'top level' : text;
}

function referred(name: string, references: References, place: string): string {
  const [, file] = /^file:(.+)$/.exec(name) ?? [];
  const found = file === undefined ? references.environment[name] : textOf(resolve(references.folder, file));
  if (found !== undefined && found !== '') return found;
  references.problems.push(
    file === undefined
      ? `${place}: the environment variable ${name} is not set. Set it before the start.`
      : `${place}: the file ${resolve(references.folder, file)} cannot be read, is empty, or is larger than 1 MB. Correct the path (it is relative to landbridge.yaml) or the file's rights.`,
  );
  return '';
}

/** Without the line break that editors and shells put at the end. */
function textOf(file: string): string | undefined {
  try {
    const text = readFileSync(/* turbopackIgnore: true */ file, 'utf8');
    return text.length > largestFileBytes ? undefined : text.replace(/\r?\n$/, '');
  } catch {
    // Which file and what to do is said by the caller, with all other problems at once.
    return undefined;
  }
}
