// What an endpoint's answer means for what was sent: taken, given up, or tried again later. Pure.
import type { EndpointState } from '@/lib/contracts/monitoring/health-report';

export type Answer = {
  status: number;
  retryAfter: string | undefined;
  /** The beginning of the answer, for whoever has to find out why. */
  said: string;
  /** Of OTLP: data points that it has not taken, though it has taken the others. */
  rejected?: number;
};

export type Meaning =
  | { kind: 'TAKEN' }
  /** This is never taken, what follows may be. */
  | { kind: 'REFUSED'; state: EndpointState; why: string }
  /** Nothing is taken now; the order is kept. */
  | { kind: 'LATER'; state: EndpointState; why: string; waitMs: number | null };

const says: Record<number, [EndpointState, string]> = {
  401: [
    'UNAUTHENTICATED',
    'The endpoint does not know who reports: correct LANDBRIDGE_HEALTH_TOKEN, or the certificate.',
  ],
  403: ['FORBIDDEN', 'The endpoint knows who reports and does not allow it: its operator must.'],
  404: ['WRONG_ADDRESS', 'Nobody takes reports at that address: correct LANDBRIDGE_HEALTH_ENDPOINT.'],
  405: ['WRONG_ADDRESS', 'That address takes no POST: correct LANDBRIDGE_HEALTH_ENDPOINT.'],
  407: ['UNREACHABLE', 'The proxy asks for credentials: put them in HTTPS_PROXY.'],
  409: ['CONFLICT', 'Another console reports with this key: give each its own.'],
  415: ['WRONG_ADDRESS', 'That address takes another format: correct LANDBRIDGE_HEALTH_FORMAT.'],
};

/** Of a health report. */
export function meaningOf({ status, retryAfter, said, rejected = 0 }: Answer): Meaning {
  const quoted = said === '' ? '' : ` It said: ${said}`;
  if (status >= 200 && status < 300 && rejected > 0)
    return {
      ...{ kind: 'REFUSED', state: 'REFUSING' },
      why: `The endpoint has left out ${rejected} data points of a report.${quoted}`,
    };
  if (status >= 200 && status < 300) return { kind: 'TAKEN' };
  const known = says[status];
  if (known) return { kind: 'LATER', state: known[0], why: `${known[1]} (${status})${quoted}`, waitMs: null };
  if (status >= 300 && status < 400)
    return later(
      'WRONG_ADDRESS',
      `The address points elsewhere (${status}), and reports follow no one: use the final address.`,
    );
  const waitMs = waitOf(retryAfter);
  if (status === 429) return later('BUSY', `The endpoint asks for fewer reports (429).${quoted}`, waitMs);
  if (status === 408 || status === 425)
    return later('FAILING', `The endpoint asks to try again (${status}).`, waitMs);
  if (status >= 400 && status < 500)
    return {
      ...{ kind: 'REFUSED', state: 'REFUSING' },
      why: `${status === 413 ? 'The endpoint finds the report too large' : 'The endpoint finds the report malformed'} (${status}).${quoted}`,
    };
  return later('FAILING', `The endpoint has trouble of its own (${status}).${quoted}`, waitMs);
}

export const later = (state: EndpointState, why: string, waitMs: number | null = null): Meaning => ({
  kind: 'LATER',
  ...{ state, why, waitMs },
});

const longestWaitMs = 3_600_000;

/** Seconds, or a date (RFC 9110). */
export function waitOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined) return null;
  const seconds = /^\d{1,9}$/.test(retryAfter.trim())
    ? Number(retryAfter) * 1000
    : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(seconds) ? null : Math.min(longestWaitMs, Math.max(0, seconds));
}
