// A number that may go on in the next line, but only between its groups of digits: never cut, never torn within a group.
import { Fragment, type ReactNode } from 'react';

export function Grouped({ text }: { text: string }): ReactNode {
  if (!/\d,\d/.test(text)) return text;
  return [...text.matchAll(/[^,]+,?/g)].map(({ 0: group, index }) => (
    <Fragment key={index}>
      {index === 0 ? null : <wbr />}
      {group}
    </Fragment>
  ));
}
