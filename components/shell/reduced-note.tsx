// In reduced mode pages have less: says what, and leads to where it is.
'use client';
import { useMonitoring } from './mode';

export function ReducedNote() {
  const { mode, dashboardUrl } = useMonitoring();
  if (mode !== 'reduced') return null;
  return (
    <p className="rounded-lg border px-4 py-2 text-soft">
      Reduced mode: charts show the last minutes, and history and alerts are kept at the health endpoint.{' '}
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
