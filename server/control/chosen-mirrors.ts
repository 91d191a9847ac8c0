// Which mirrors a request means: by their names, or by a pattern. Pure.
import { RE2JS } from 're2js';
import { LandbridgeError } from '@/server/errors';

/** Kafka's longest topic name; a pattern that is longer says nothing more. */
const PATTERN_AT_MOST = 249;
/** Instructions of a compiled pattern: `(.?){1000}` in ten characters is four thousand, each of which may be tried at each character. */
const PROGRAM_AT_MOST = 1_000;
/** Instructions times characters of all names, about a second: nobody else is answered meanwhile. */
const STEPS_AT_MOST = 100_000_000;

/** @param field as the client knows the pattern. @throws LandbridgeError INVALID_REQUEST */
export function chosenMirrors(
  link: { mirrors: { keys(): Iterable<string> } },
  { names, pattern }: { names?: readonly string[] | undefined; pattern?: string | undefined },
  field: string,
): string[] {
  if (names) return [...new Set(names)];
  const matches = compiled(pattern ?? '', field);
  const topics = [...link.mirrors.keys()];
  const characters = topics.reduce((sum, { length }) => sum + length, 0);
  if (matches.programSize() > PROGRAM_AT_MOST || matches.programSize() * characters > STEPS_AT_MOST)
    throw new LandbridgeError(
      'INVALID_REQUEST',
      `${field} takes too long to look for. Use a simpler one, with fewer repetitions, or name the mirror topics.`,
    );
  return topics.filter((topic) => matches.matches(topic));
}

/** The whole name must match. RE2's syntax: the time is linear in the name, but also in the size of the compiled pattern. */
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
