// What an endpoint's answer means for a request over OTLP: only what its specification names is tried again. Pure.
import type { EndpointState } from '@/lib/contracts/monitoring/health-report';
import { type Answer, later, type Meaning, waitOf } from '@/server/health/reporter/answers';

const says: Record<number, [EndpointState, string]> = {
  401: [
    'UNAUTHENTICATED',
    'The endpoint does not know who sends: correct LANDBRIDGE_OTLP_HEADERS, or the certificate.',
  ],
  403: ['FORBIDDEN', 'The endpoint knows who sends and does not allow it: its operator must.'],
  404: [
    'WRONG_ADDRESS',
    'Nobody takes metrics at that address: correct LANDBRIDGE_OTLP_ENDPOINT. A Collector takes them at /v1/metrics, mostly on port 4318.',
  ],
  405: ['WRONG_ADDRESS', 'That address takes no POST: correct LANDBRIDGE_OTLP_ENDPOINT.'],
  407: ['UNREACHABLE', 'The proxy asks for credentials: put them in HTTPS_PROXY.'],
  413: ['REFUSING', 'The endpoint finds a request too large: let it take requests of 20 MB.'],
  415: ['WRONG_ADDRESS', 'That address takes no protobuf: it must take OTLP over HTTP.'],
};

export function otlpMeaningOf({ status, retryAfter, said, rejected = 0 }: Answer): Meaning {
  const quoted = said === '' ? '' : ` It said: ${said}`;
  if (status >= 200 && status < 300)
    return rejected === 0
      ? { kind: 'TAKEN' }
      : refused('REFUSING', `The endpoint has left out ${rejected} data points of a request.${quoted}`);
  if (status === 429)
    return later('BUSY', `The endpoint asks for fewer requests (429).${quoted}`, waitOf(retryAfter));
  if (status === 502 || status === 503 || status === 504)
    return later('FAILING', `The endpoint has trouble of its own (${status}).${quoted}`, waitOf(retryAfter));
  const known = says[status];
  if (known) return refused(known[0], `${known[1]} (${status})${quoted}`);
  if (status >= 300 && status < 400)
    return refused(
      'WRONG_ADDRESS',
      `The address points elsewhere (${status}), and numbers follow no one: use the final address.`,
    );
  if (status >= 400 && status < 500)
    return refused('REFUSING', `The endpoint finds the request malformed (${status}).${quoted}`);
  return refused('FAILING', `The endpoint has trouble of its own (${status}).${quoted}`);
}

const refused = (state: EndpointState, why: string): Meaning => ({ kind: 'REFUSED', state, why });
