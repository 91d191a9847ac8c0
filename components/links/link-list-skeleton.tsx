// The shape of a list of links before it is there.
import { Bar } from '@/components/ui/skeleton';

export function LinkListSkeleton() {
  return (
    <div className="overflow-clip rounded-lg border bg-panel">
      {['first', 'second', 'third'].map((row) => (
        <div key={row} className="flex h-[66px] items-center gap-4 border-b px-4 last:border-b-0">
          <div className="flex w-48 flex-col gap-2">
            <Bar className="w-32" />
            <Bar className="w-40" />
          </div>
          <Bar className="h-0.5 flex-1" />
          <Bar className="w-20 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}
