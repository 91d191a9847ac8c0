// How many of the gravest alerts are open, beside "Health" in the navigation. Nothing while that is not known, or nothing is open.
'use client';
import { type Severity, severities } from '@/lib/contracts/monitoring/rules';
import { groupDigits } from '@/lib/format';
import { useOpenAlerts } from './queries';
import { SeverityShape, severityCount } from './severity';

export function OpenMark() {
  const { data, isError } = useOpenAlerts();
  if (!data || isError) return null;
  const counted = [...severities].reverse().flatMap((one): [Severity, number][] => {
    const count = data.open[one] ?? 0;
    return count > 0 ? [[one, count]] : [];
  });
  const [worst] = counted;
  if (!worst) return null;
  const [severity, count] = worst;
  const all = counted.map(([one, of]) => severityCount(one, of)).join(', ');
  return (
    <span
      className="inline-flex items-center gap-1 text-[13px] text-text max-md:absolute max-md:top-0.5 max-md:-right-1 md:ml-auto"
      title={`Open alerts: ${all}`}
    >
      <SeverityShape severity={severity} size={11} />
      <span aria-hidden className="max-md:hidden">
        {groupDigits(count)}
      </span>
      <span className="sr-only">, open alerts: {all}</span>
    </span>
  );
}
