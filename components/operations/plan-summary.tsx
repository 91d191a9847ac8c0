// The dry run in a few sentences: the figures of all mirrors together, what is refused, and what can go wrong.
'use client';
import { Age } from '@/components/shell/age';
import { Button } from '@/components/ui/button';
import { Banner } from '@/components/ui/notice';
import { Figure, Figures } from '@/components/ui/panel';
import type { OperationKind, OperationPlan } from '@/lib/contracts/operation';
import { groupDigits, plural } from '@/lib/format';
import { sumOfLosses, warningsOf } from './loss';
import { kindDone } from './words';

const SHOWN = 6;

export function PlanFigures({ kind, plans }: { kind: OperationKind; plans: OperationPlan[] }) {
  const able = plans.filter(({ ok }) => ok);
  const partitions = able.reduce((sum, plan) => sum + (plan.partitions ?? 0), 0);
  return (
    <Figures label="Dry run in figures">
      <Figure label={`Can be ${kindDone[kind]}`} note={plural(partitions, 'partition')}>
        {groupDigits(able.length)}
        {able.length < plans.length ? (
          <span className="text-base font-normal text-soft"> of {groupDigits(plans.length)}</span>
        ) : null}
      </Figure>
      {kind === 'FAILOVER' ? <LossFigure plans={able} /> : <DrainFigures plans={able} />}
    </Figures>
  );
}

function DrainFigures({ plans }: { plans: OperationPlan[] }) {
  const lag = known(plans, 'lagMessages');
  const blocked = known(plans, 'blocked');
  const held = plans.filter((plan) => plan.blocked !== null && plan.blocked !== '0').length;
  return (
    <>
      <Figure label="To drain now, offsets" note={lag.note ?? 'of the source, up to its last stable offset'}>
        {groupDigits(lag.sum)}
      </Figure>
      <Figure
        className="max-md:col-span-2"
        label="Held back by open transactions"
        note={blocked.note ?? (held === 0 ? 'no transaction is open' : `in ${plural(held, 'mirror')}`)}
      >
        {groupDigits(blocked.sum)}
      </Figure>
    </>
  );
}

function known(plans: OperationPlan[], key: 'lagMessages' | 'blocked') {
  const unknown = plans.filter((plan) => plan[key] === null).length;
  const sum = plans.reduce((total, plan) => total + BigInt(plan[key] ?? 0), 0n);
  return { sum, note: unknown > 0 ? `at least; unknown for ${plural(unknown, 'mirror')}` : null };
}

function LossFigure({ plans }: { plans: OperationPlan[] }) {
  const { known: loss, unknown, seenAt } = sumOfLosses(plans);
  const allUnknown = plans.length > 0 && unknown === plans.length;
  return (
    <>
      <Figure
        label="Estimated loss, offsets"
        note={
          allUnknown
            ? 'the end of no source topic is known'
            : unknown > 0
              ? `at least; unknown for ${plural(unknown, 'mirror')}`
              : 'what the source was seen to have and the mirrors have not'
        }
      >
        {allUnknown ? (
          'unknown'
        ) : (
          <span className={loss > 0n ? 'text-bad' : undefined}>{groupDigits(loss)}</span>
        )}
      </Figure>
      <Figure
        className="max-md:col-span-2"
        label="Source last seen"
        note="what it has taken since is lost too, and nobody knows how much"
      >
        {seenAt === null ? 'never' : <Age at={seenAt} />}
      </Figure>
    </>
  );
}

export function Refused({
  plans,
  onLeaveOut,
}: {
  plans: OperationPlan[];
  onLeaveOut: (topics: string[]) => void;
}) {
  const refused = plans.filter(({ ok }) => !ok);
  if (refused.length === 0) return null;
  return (
    <Banner tone="bad" title={`${plural(refused.length, 'mirror')} refused`} live>
      <ul className="flex flex-col gap-1 py-1">
        {refused.slice(0, SHOWN).map(({ topic, message }) => (
          <li key={topic}>
            <span className="font-mono text-[13px]">{topic}</span>: {message}
          </li>
        ))}
        {refused.length > SHOWN ? <li>and {groupDigits(refused.length - SHOWN)} more below</li> : null}
      </ul>
      {refused.length < plans.length ? (
        <Button size="small" onClick={() => onLeaveOut(refused.map(({ topic }) => topic))}>
          Leave {refused.length === 1 ? 'it' : 'them'} out
        </Button>
      ) : null}
    </Banner>
  );
}

export function WhatCanGoWrong({ plans }: { plans: OperationPlan[] }) {
  const said = warningsOf(plans.filter(({ ok }) => ok));
  if (said.length === 0) return null;
  return (
    <Banner tone="warn" title="What can go wrong">
      <ul className="flex flex-col gap-1">
        {said.slice(0, SHOWN).map(({ sentence, topics }) => (
          <li key={sentence}>
            {sentence}
            {plans.length > 1 ? (
              <span className="text-soft" title={topics.slice(0, 50).join(', ')}>
                {' '}
                {topics.length === 1 ? topics[0] : plural(topics.length, 'mirror')}
              </span>
            ) : null}
          </li>
        ))}
        {said.length > SHOWN ? (
          <li className="text-soft">
            and {groupDigits(said.length - SHOWN)} more sentences about single mirrors
          </li>
        ) : null}
      </ul>
    </Banner>
  );
}
