// The last sync of consumer groups before a mirror is stopped. A group that can't be synced is left out, with the reason, and never waited for.

import type { EndingPart, FinalSync } from '../ending/ports';
import type { LinkCore } from '../link-core';
import type { GroupResult } from './group-result';
import type { OffsetSync } from './offset-sync';

const LIMIT_MS = 20_000;
const RETRY_MS = 500;
const NAMED = 20;

export function finalOffsetSync({ context }: LinkCore, groups: OffsetSync): FinalSync {
  return {
    step: 'SYNC_OFFSETS',
    limitMs: LIMIT_MS,
    async run(topic, kind, signal) {
      if (!context.settings['consumer.offset.sync.enable'])
        return { state: 'SKIPPED', detail: 'consumer.offset.sync.enable is false: no group was synced.' };
      const source = kind !== 'FAILOVER';
      let { results, errors } = await groups.run({ topic: topic.name, source, final: true });
      // What a coordinator on the move has refused it takes a moment later.
      while ([...results.values()].some(({ status }) => status === 'IN_ERROR') && !signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        if (signal.aborted) break;
        ({ results, errors } = await groups.run({ topic: topic.name, source, final: true }));
      }
      const [misconfigured] = errors.filter(({ code }) => code === 'MISCONFIGURATION_ERROR');
      if (misconfigured) return { state: 'SKIPPED', detail: misconfigured.message };
      return partOf(topic.name, [...results.values()], source);
    },
  };
}

/** @param source the offsets at the source were read just now */
export function partOf(topic: string, results: readonly GroupResult[], source: boolean): EndingPart {
  const there = results.filter(({ offsets }) => offsets.some((offset) => offset.topic === topic));
  // Groups that nothing could be read of may have offsets on it.
  const unread = results.filter(
    ({ status, offsets }) => offsets.length === 0 && (status === 'NOT_AUTHORIZED' || status === 'IN_ERROR'),
  );
  const left = [...there.filter(({ status }) => LEFT_OUT.has(status)), ...unread];
  const done = there.length - (left.length - unread.length);
  const what = source ? 'in step with the source' : 'held to what the mirror has';
  const said = `${done} consumer groups are ${what}.`;
  if (left.length === 0) return { state: 'DONE', detail: said };
  const reasons = left
    .slice(0, NAMED)
    .map(({ mirrorGroup, why }) => `${mirrorGroup}: ${why ?? 'no reason was told'}`);
  const more = left.length > NAMED ? ` And ${left.length - NAMED} more.` : '';
  return { state: 'DONE', detail: `${said} Left out: ${left.length}. ${reasons.join(' ')}${more}` };
}

const LEFT_OUT: ReadonlySet<GroupResult['status']> = new Set([
  'BUSY',
  'USED',
  'NOT_AUTHORIZED',
  'IN_ERROR',
  'WAITING',
]);
