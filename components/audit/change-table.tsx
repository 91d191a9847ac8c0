// Before → after, value by value. What changed is told by a word as well as by its colour.
import { cn } from '@/components/ui/cn';
import type { Change } from './diff';

export function ChangeTable({ changes }: { changes: Change[] }) {
  return (
    <div className="overflow-x-auto rounded-md border">
      <table className="w-full table-fixed text-[13px]">
        <caption className="sr-only">Before and after</caption>
        <thead>
          <tr className="text-left text-soft *:border-b *:px-3 *:py-1.5 *:font-medium">
            <th scope="col">Value</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, before, after, changed }) => (
            <tr key={path} className="align-top *:border-b *:px-3 *:py-1.5 *:break-words last:*:border-b-0">
              <th scope="row" className="text-left font-mono font-normal">
                {path}
                {changed ? null : <span className="text-soft"> (same)</span>}
              </th>
              <td className="font-mono">
                <Value text={before} className={changed ? 'bg-bad-soft' : 'text-soft'} />
              </td>
              <td className="font-mono">
                <Value text={after} className={changed ? 'bg-accent-soft' : 'text-soft'} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ text, className }: { text: string | undefined; className: string }) {
  if (text === undefined) return <span className="text-soft">not there</span>;
  if (text === '') return <span className="text-soft">empty</span>;
  return <span className={cn('box-decoration-clone rounded-sm px-1', className)}>{text}</span>;
}
