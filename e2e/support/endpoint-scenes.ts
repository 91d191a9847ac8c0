// Designed states of Settings → Health endpoint, for RENDERING TESTS; data checked against the contracts.
import {
  type EndpointStatus,
  type ReportPreview,
  reportPreview,
} from '@/lib/contracts/monitoring/health-report';
import type { Scene } from './scenes';

const MINUTE_MS = 60_000;
const asks = 'health-report/preview';
const path = '/settings/health-endpoint';

const endpoint = (address: string, now: number, over: Partial<EndpointStatus> = {}): EndpointStatus => ({
  ...{ address, state: 'REACHABLE', why: null, since: now - 90 * MINUTE_MS, lastAcceptedAt: now - 20_000 },
  ...{ nextTryAt: null, waiting: 0, waitingBytes: 0, oldestAt: null, dropped: 0, refused: 0 },
  ...over,
});

const preview = (over: Partial<ReportPreview>): ReportPreview =>
  reportPreview.parse({
    ...{ mode: 'normal', reporting: false, format: 'json', intervalMs: 0, topicNames: 'plain', metrics: [] },
    ...{
      endpoints: [],
      dashboardUrl: null,
      of: 'NONE',
      body: null,
      bytes: null,
      gzipBytes: null,
      otlp: null,
    },
    ...over,
  });

const reported = (now: number): Partial<ReportPreview> => ({
  ...{ reporting: true, intervalMs: MINUTE_MS, metrics: ['landbridge_cluster_topics'], of: 'NEXT' },
  endpoints: [endpoint('https://hub.example.com/api/health-reports', now)],
  body: '{"version":1,"series":[]}',
  ...{ bytes: 25, gzipBytes: 45 },
});

const collector = 'https://collector.example.com:4318/v1/metrics';
const last = (now: number) => ({
  ...{ at: now - 20_000, points: 31_205, requests: 2, bytes: 4_404_019, gzipBytes: 201_044 },
});

const taken = (now: number) => ({
  endpoint: endpoint(collector, now),
  intervalMs: MINUTE_MS,
  last: last(now),
});
const refused = (now: number) => ({
  ...taken(now),
  endpoint: endpoint(collector, now, {
    state: 'UNAUTHENTICATED',
    why: 'The endpoint does not know who sends: correct LANDBRIDGE_OTLP_HEADERS, or the certificate. (401) It said: missing token',
    ...{ lastAcceptedAt: null, refused: 1_204 },
  }),
});
const untried = (now: number) => ({
  ...{
    endpoint: endpoint(collector, now, { state: 'UNTRIED', lastAcceptedAt: null }),
    intervalMs: MINUTE_MS,
  },
  last: null,
});

export const endpointScenes: Scene[] = [
  {
    name: 'health endpoint, nothing leaves',
    path,
    shows: /No numbers leave this console/,
    api: { [asks]: () => preview({}) },
  },
  {
    name: 'health endpoint, reports and OpenTelemetry',
    path,
    shows: /31,205 points in 2 requests/,
    api: { [asks]: (now) => preview({ ...reported(now), otlp: taken(now) }) },
  },
  {
    name: 'health endpoint, OpenTelemetry alone and refused',
    path,
    shows: /1,204 refused/,
    api: { [asks]: (now) => preview({ otlp: refused(now) }) },
  },
  {
    name: 'health endpoint, OpenTelemetry before the first numbers',
    path,
    shows: /Nothing was seen yet/,
    api: { [asks]: (now) => preview({ otlp: untried(now) }) },
  },
];
