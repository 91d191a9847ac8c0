// Finds the route of a path below /kafka/v3. Own matching, because Confluent's verbs hold a colon that clients may write as %3A. Pure.

export type Match<T> = { value: T; params: Record<string, string> };

/** @param pattern such as `/clusters/{cluster_id}/links`; the first pattern that fits counts, so put literals first */
export function matchPath<T>(path: string, routes: readonly (readonly [string, T])[]): Match<T> | null {
  const segments = decodeSegments(path);
  if (segments === null) return null;
  for (const [pattern, value] of routes) {
    const params = matchSegments(pattern.split('/').slice(1), segments);
    if (params !== null) return { value, params };
  }
  return null;
}

/** Null when the path cannot be decoded. */
function decodeSegments(path: string): string[] | null {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = segment;
    else if (part !== segment) return null;
  }
  return params;
}
