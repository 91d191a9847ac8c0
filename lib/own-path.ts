// Where to go after signing in: a path of this server, never another one. Pure; used by pages and by the server.

/** Path, query and fragment of `text` when it stays on this server, otherwise "/". */
export function ownPath(text: string | null | undefined, origin = 'http://own.invalid'): string {
  // Browsers take a backslash for a slash, and drop control characters: `/\evil.example` and `/<tab>/evil.example` leave.
  if (!text || /[\\\p{Cc}]/u.test(text)) return '/';
  if (!text.startsWith('/') && !text.startsWith(`${origin}/`)) return '/';
  if (!URL.canParse(text, origin)) return '/';
  const url = new URL(text, origin);
  const path = `${url.pathname}${url.search}${url.hash}`;
  if (url.origin !== origin || path.startsWith('//')) return '/';
  // These are no pages, or would ask to sign in for signing in.
  return /^\/(api|kafka|sign-in|set-up)(\/|\?|#|$)/.test(path) ? '/' : path;
}
