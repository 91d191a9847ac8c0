// A lag in messages, as a sum of partitions: where it leaves some out, it is at least that much, and says so.
import { CellValue, Value } from '@/components/ui/value';
import type { Lag } from '@/lib/contracts/link';
import { groupDigits, plural } from '@/lib/format';

const whyAtLeast = (leftOut: number) => `At least this: ${plural(leftOut, 'partition')} not known.`;

export function LagMessages({ lag: { messages, leftOut }, why }: { lag: Lag; why: string }) {
  const value = <Value value={messages} format={groupDigits} why={why} />;
  if (leftOut === undefined) return value;
  return (
    <span title={whyAtLeast(leftOut)}>
      <span className="text-[13px] font-normal text-soft">at least </span>
      {value}
    </span>
  );
}

/** In a table, where there is no room for words. */
export function LagMessagesCell({ lag: { messages, leftOut }, why }: { lag: Lag; why: string }) {
  const value = <CellValue value={messages} format={groupDigits} why={why} />;
  if (leftOut === undefined) return value;
  return (
    <span title={whyAtLeast(leftOut)}>
      <span className="text-soft">
        <span aria-hidden>≥ </span>
        <span className="sr-only">at least </span>
      </span>
      {value}
    </span>
  );
}

/** `1,284 messages`, `at least 1,284 messages`. Empty where it is not known. */
export function lagMessagesText({ messages, leftOut }: Lag): string {
  if (messages === null) return '';
  return `${leftOut === undefined ? '' : 'at least '}${groupDigits(messages)} messages`;
}
