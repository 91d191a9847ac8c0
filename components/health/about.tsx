// What an alert, a subject of a rule or a silence is about, each thing with a way to its page.
import Link from 'next/link';
import { Fragment } from 'react';
import { type Labels, otherLabels, type Thing, thingsOf } from './paths';

/** "broker 3 of cluster dc1", "link dc1-to-cloud, dc1 → cloud". */
export function About({ labels }: { labels: Labels }) {
  const things = thingsOf(labels);
  const others = otherLabels(labels);
  if (things.length === 0 && others.length === 0) return <span className="text-soft">Landbridge itself</span>;
  const ends = things.filter(({ word }) => word === 'from' || word === 'to');
  const rest = things.filter((thing) => !ends.includes(thing));
  return (
    <span className="break-words text-soft">
      {rest.map((thing, i) => (
        <Fragment key={thing.word}>
          {i > 0 ? ' of ' : ''}
          {thing.word} <Named thing={thing} />
        </Fragment>
      ))}
      {ends.length > 0 ? (
        <>
          {' ('}
          {ends.map((thing, i) => (
            <Fragment key={thing.word}>
              {i > 0 ? ' → ' : ''}
              <Named thing={thing} />
            </Fragment>
          ))}
          {')'}
        </>
      ) : null}
      {others.map(([name, value], i) => (
        <Fragment key={name}>
          {i > 0 || things.length > 0 ? ', ' : ''}
          {name} <span className="font-mono text-text">{value}</span>
        </Fragment>
      ))}
    </span>
  );
}

function Named({ thing: { name, href } }: { thing: Thing }) {
  if (href === null) return <span className="font-mono wrap-anywhere text-text">{name}</span>;
  return (
    <Link
      href={href}
      className="font-mono wrap-anywhere text-text underline decoration-edge underline-offset-2"
    >
      {name}
    </Link>
  );
}
