// An address that nothing has.
import { ButtonLink } from '@/components/ui/button';
import { Missing } from '@/components/ui/notice';

export function NotFoundView() {
  return (
    <>
      <h1 className="pb-4 text-xl/8 font-semibold">Not found</h1>
      <Missing title="There is no page at this address" actions={<ButtonLink href="/">Overview</ButtonLink>}>
        Check the spelling, or start from the overview. ⌘K or Ctrl+K finds links and clusters by name.
      </Missing>
    </>
  );
}
