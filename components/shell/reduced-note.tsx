// In reduced mode pages have less: says what is less on this one, and leads to where it is. Nothing in other modes.
'use client';
import { useMonitoring } from './mode';

/** What is less, as sentences that follow "Reduced mode:". */
export const lessOf = {
  overview: 'charts show the last minutes, and history and alerts are kept at the health endpoint.',
  cluster:
    'while none of its pages is open, this cluster is swept once for each report; charts show the last 15 minutes, those of single partitions from when a page is opened. Its history and its alerts are kept at the health endpoint.',
  link: 'charts show what is in memory, an hour at most. The history and the alerts of links are kept at the health endpoint.',
  alerts: 'this console raises no alerts. Those of its clusters and links are raised at the health endpoint.',
  rules:
    'this console judges no rules. They are judged at the health endpoint, and their thresholds are set there.',
  silences: 'there is nothing here to silence. Alerts are raised, and silenced, at the health endpoint.',
  channels: 'this console sends no alerts. Channels and routes are those of the health endpoint.',
  deliveries: 'this console sends no alerts. What was sent, and to whom, is known at the health endpoint.',
} as const;

export function ReducedNote({ of }: { of: keyof typeof lessOf }) {
  const { mode, dashboardUrl } = useMonitoring();
  if (mode !== 'reduced') return null;
  return (
    <p role="note" className="rounded-lg border px-4 py-2 text-soft">
      Reduced mode: {lessOf[of]}{' '}
      {dashboardUrl ? (
        <a href={dashboardUrl} target="_blank" rel="noreferrer" className="text-accent underline">
          Open its dashboard
        </a>
      ) : (
        'LANDBRIDGE_HEALTH_DASHBOARD_URL can lead there.'
      )}
    </p>
  );
}
