// Checks path, query and body against their contracts; what is wrong is named field by field.
import type { z } from 'zod';
import { LandbridgeError } from '@/server/errors';

/** @throws LandbridgeError INVALID_REQUEST with a message per field */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, where: 'path' | 'query' | 'body'): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const path = issue.path.map(String).join('.') || where;
    const message =
      issue.code === 'unrecognized_keys'
        ? `Not known here: ${named(issue.keys)}. Check the spelling, or leave it out.`
        : issue.message;
    fields[path] ??= message;
  }
  const [first] = Object.entries(fields);
  const more = Object.keys(fields).length - 1;
  throw new LandbridgeError(
    'INVALID_REQUEST',
    `${first?.[0]} (in the ${where}): ${first?.[1]}${more > 0 ? ` And ${more} more.` : ''}`,
    { fields },
  );
}

/** The last of a repeated key counts. */
export function queryObject(request: Request): Record<string, string> {
  return Object.fromEntries(new URL(request.url).searchParams);
}

/** As many as help to find the mistake. */
function named(keys: readonly string[]): string {
  const shown = keys.slice(0, 5).map((key) => (key.length > 50 ? `${key.slice(0, 50)}…` : key));
  return keys.length > 5 ? `${shown.join(', ')} and ${keys.length - 5} more` : shown.join(', ');
}
