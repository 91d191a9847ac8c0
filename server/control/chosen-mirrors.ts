// Which mirrors a request means: by their names, or by a pattern. Pure.
import { RE2JS } from 're2js';
import { LandbridgeError } from '@/server/errors';

/** Kafka's longest topic name; a pattern that is longer says nothing more. */
const PATTERN_AT_MOST = 249;

/** @param field as the client knows the pattern. @throws LandbridgeError INVALID_REQUEST */
export function chosenMirrors(
  link: { mirrors: { keys(): Iterable<string> } },
  { names, pattern }: { names?: readonly string[] | undefined; pattern?: string | undefined },
  field: string,
): string[] {
  if (names) return [...new Set(names)];
  const matches = compiled(pattern ?? '', field);
  return [...link.mirrors.keys()].filter((topic) => matches.matches(topic));
}

/** The whole name must match. RE2's syntax, in linear time: no pattern, however made, can keep the server busy. */
function compiled(pattern: string, field: string): RE2JS {
  if (pattern.length > PATTERN_AT_MOST)
    throw new LandbridgeError('INVALID_REQUEST', `${field} has more than ${PATTERN_AT_MOST} characters.`);
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new LandbridgeError(
      'INVALID_REQUEST',
      `${field} is not a regular expression in RE2 syntax (without look-around and back-references).`,
      { cause: error },
    );
  }
}
