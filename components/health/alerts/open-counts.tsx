// How many alerts are open, by severity, gravest first. None is said in words.
import { SeverityShape, severityCount } from '@/components/health/severity';
import { type Severity, severities } from '@/lib/contracts/monitoring/rules';

export function OpenCounts({ open }: { open: Partial<Record<Severity, number>> }) {
  const counted = [...severities].reverse().filter((one) => (open[one] ?? 0) > 0);
  if (counted.length === 0) return <span className="text-soft">nothing open</span>;
  return (
    <ul aria-label="Open alerts by severity" className="flex flex-wrap gap-x-4 gap-y-1">
      {counted.map((one) => (
        <li key={one} className="inline-flex items-center gap-1.5">
          <SeverityShape severity={one} />
          {severityCount(one, open[one] ?? 0)}
        </li>
      ))}
    </ul>
  );
}
