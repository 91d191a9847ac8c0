// The server's time as this browser knows it. Snapshot ages are told in the server's time, because a laptop's clock may be minutes off.

/** The Date header has whole seconds only; smaller differences are not told apart from the network. */
const IGNORED_SKEW_MS = 2_000;
let skewMs = 0;

/** Takes note of a response's Date header. */
export function noteServerDate(header: string | null): void {
  if (!header) return;
  const at = Date.parse(header);
  if (Number.isNaN(at)) return;
  const seen = Date.now() - at;
  skewMs = Math.abs(seen) > IGNORED_SKEW_MS ? seen : 0;
}

export const serverNow = (): number => Date.now() - skewMs;
