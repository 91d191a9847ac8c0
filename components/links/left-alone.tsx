// Of many mirrors, those that a change leaves alone, each with the reason.
import { plural } from '@/lib/format';

const SHOWN = 5;

export function LeftAlone({
  rows,
  what,
}: {
  rows: readonly { topic: string; ok: boolean; message: string }[];
  /** What becomes of one, as in "stays on the link", and of many. */
  what: { one: string; many: string };
}) {
  const refused = rows.filter(({ ok }) => !ok);
  if (refused.length === 0) return null;
  return (
    <div>
      <p className="font-medium">
        {plural(refused.length, 'mirror')} {refused.length === 1 ? what.one : what.many}:
      </p>
      <ul className="flex max-h-40 list-disc flex-col gap-1 overflow-auto pl-5 text-soft">
        {refused.slice(0, SHOWN).map(({ topic, message }) => (
          <li key={topic} className="break-words">
            {message}
          </li>
        ))}
        {refused.length > SHOWN ? <li>and {refused.length - SHOWN} more</li> : null}
      </ul>
    </div>
  );
}
