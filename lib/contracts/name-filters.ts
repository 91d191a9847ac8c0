// Filters on names of topics and groups, in Confluent's JSON: name, patternType LITERAL or PREFIXED, filterType INCLUDE or EXCLUDE.
// Exclude wins; "*" LITERAL is everything; without an include nothing is let through.
import { z } from 'zod';

export const nameFilter = z.strictObject({
  name: z.string().min(1, 'A filter needs a name.').max(255),
  patternType: z.enum(['LITERAL', 'PREFIXED'], 'patternType is LITERAL or PREFIXED.'),
  filterType: z.enum(['INCLUDE', 'EXCLUDE'], 'filterType is INCLUDE or EXCLUDE.'),
});
export type NameFilter = z.infer<typeof nameFilter>;

/** What holds the list in the JSON. */
export type FilterList = 'groupFilters' | 'topicFilters';

const EXAMPLE = '[{"name":"*","patternType":"LITERAL","filterType":"INCLUDE"}]';
const MAX_FILTERS = 1_000;
const MAX_CHARACTERS = 100_000;

/** A setting that holds filters as JSON text; empty is no filters. The message names the first thing that is wrong. */
export const nameFiltersText = (list: FilterList) =>
  z
    .string()
    .max(MAX_CHARACTERS, `At most ${MAX_CHARACTERS} characters.`)
    .superRefine((text, context) => {
      const problem = problemOf(list, text);
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
    });

/** @param text a setting that `nameFiltersText` has let through */
export function parseNameFilters(list: FilterList, text: string): NameFilter[] {
  if (text.trim() === '') return [];
  return schemaOf(list).parse(JSON.parse(text))[list] ?? [];
}

/** Whether the filters let a name through; what begins with "_" only where a filter names it literally. */
export const letsThrough = (filters: readonly NameFilter[], name: string): boolean =>
  whyFiltered(filters, name).why === 'INCLUDED';

/** `by` is the filter that decided; INTERNAL: it is included, but not by its own name. */
export type Filtered = {
  why: 'INCLUDED' | 'EXCLUDED' | 'INTERNAL' | 'NOT_INCLUDED';
  by: NameFilter | null;
};

export function whyFiltered(filters: readonly NameFilter[], name: string): Filtered {
  const internal = name.startsWith('_');
  let found: Filtered = { why: 'NOT_INCLUDED', by: null };
  for (const filter of filters) {
    if (!matches(filter, name)) continue;
    if (filter.filterType === 'EXCLUDE') return { why: 'EXCLUDED', by: filter };
    const literally = filter.patternType === 'LITERAL' && filter.name === name;
    if (!internal || literally) found = { why: 'INCLUDED', by: filter };
    else if (found.why === 'NOT_INCLUDED') found = { why: 'INTERNAL', by: filter };
  }
  return found;
}

/** As people read it: all names, "orders", or what begins with "orders." */
export function filterText({ name, patternType }: NameFilter): string {
  if (patternType === 'PREFIXED') return `names that begin with "${name}"`;
  return name === '*' ? 'all names' : `"${name}"`;
}

function matches({ name, patternType }: NameFilter, candidate: string): boolean {
  if (name === '*' && patternType === 'LITERAL') return true;
  return patternType === 'LITERAL' ? candidate === name : candidate.startsWith(name);
}

const schemaOf = (list: FilterList) =>
  z.strictObject({ [list]: z.array(nameFilter).max(MAX_FILTERS, `At most ${MAX_FILTERS} filters.`) });

function problemOf(list: FilterList, text: string): string | null {
  if (text.trim() === '') return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return `This is not JSON. Write {"${list}": ${EXAMPLE}}.`;
  }
  const checked = schemaOf(list).safeParse(parsed);
  if (checked.success) return null;
  const [issue] = checked.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return `${where}${issue?.message ?? 'unknown shape'} Write {"${list}": ${EXAMPLE}}.`;
}
