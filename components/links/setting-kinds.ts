// What each setting of a link means and how it is typed. The contract decides what is valid.

import { guardedOperation } from '@/lib/contracts/access';
import { newLinkSettings } from '@/lib/contracts/api';
import type { LinkSettingKey } from '@/lib/contracts/link';
import type { FilterList } from '@/lib/contracts/name-filters';

export type SettingKind =
  | { type: 'choice'; options: readonly string[] }
  | { type: 'boolean' }
  | { type: 'number'; unit: string }
  | { type: 'text' }
  /** Filters on names, edited row by row. */
  | { type: 'filters'; list: FilterList; noun: string }
  | { type: 'operations'; options: readonly string[] };

type Known = { kind: SettingKind; meaning: string };

export const settingKinds: Record<LinkSettingKey, Known> = {
  'cluster.link.paused': { kind: { type: 'boolean' }, meaning: 'Stops all mirrors of the link.' },
  'cluster.link.prefix': {
    kind: { type: 'text' },
    meaning:
      'Stands in front of the names of source topics in those of their mirrors. Chosen when the link is created.',
  },
  'link.mode': {
    kind: { type: 'choice', options: ['DESTINATION', 'BIDIRECTIONAL'] },
    meaning:
      'BIDIRECTIONAL: the other direction has a link of the same name. Chosen when the link is created.',
  },
  'auto.create.mirror.topics.enable': {
    kind: { type: 'boolean' },
    meaning: 'Mirrors topics of the source that the filters include, those that appear later too.',
  },
  'auto.create.mirror.topics.filters': {
    kind: { type: 'filters', list: 'topicFilters', noun: 'topic' },
    meaning:
      'Which topics of the source are mirrored by themselves. Exclude wins; names that begin with "_" only where a filter names them exactly.',
  },
  'mirror.start.offset.spec': {
    kind: { type: 'text' },
    meaning:
      'Where mirrors that are added from now on begin: earliest, latest, or a time such as 2026-11-23T14:00:00Z.',
  },
  'availability.check.ms': {
    kind: { type: 'number', unit: 'ms' },
    meaning: 'How often the source is asked whether it is there.',
  },
  'availability.check.consecutive.failure.threshold': {
    kind: { type: 'number', unit: 'checks' },
    meaning: 'After so many failed checks the link is UNAVAILABLE.',
  },
  'metadata.max.age.ms': {
    kind: { type: 'number', unit: 'ms' },
    meaning: 'How often new partitions and changed topics are looked for.',
  },
  'topic.config.sync.ms': {
    kind: { type: 'number', unit: 'ms' },
    meaning: 'How often configs of source topics are followed.',
  },
  'topic.config.sync.include': {
    kind: { type: 'text' },
    meaning:
      'Which configs travel from source topics to their mirrors, separated by commas. cleanup.policy and max.message.bytes always do; retention, compression and timestamps come at a promotion.',
  },
  'consumer.offset.sync.enable': {
    kind: { type: 'boolean' },
    meaning: 'Keeps committed offsets of consumer groups on the destination in step with the source.',
  },
  'consumer.offset.sync.ms': {
    kind: { type: 'number', unit: 'ms' },
    meaning: 'How often offsets of consumer groups are synced.',
  },
  'consumer.offset.group.filters': {
    kind: { type: 'filters', list: 'groupFilters', noun: 'group' },
    meaning: 'Which consumer groups are synced. The Groups tab shows what a filter lets through.',
  },
  'consumer.group.prefix.enable': {
    kind: { type: 'boolean' },
    meaning:
      'Puts the prefix of the link in front of the names of consumer groups too. Chosen when the link is created.',
  },
  'client.rack': {
    kind: { type: 'text' },
    meaning:
      'Where this link is, as the brokers of the source name their racks (broker.rack): replicas there are read, where the source lets consumers do so. Empty: leaders.',
  },
  'source.range.lost': {
    kind: { type: 'choice', options: ['follow', 'stop'] },
    meaning:
      'When retention at the source overtakes the mirror: go on and say which range is missing, or stop.',
  },
  'compacted.gap.fill': {
    kind: { type: 'choice', options: ['markers', 'copies'] },
    meaning:
      'How holes in compacted topics are filled: invisibly, or faster with copies that the cleaner removes.',
  },
  'link.throttle.bytes.per.second': {
    kind: { type: 'number', unit: 'bytes/s' },
    meaning: 'The most that the link copies. Empty: no limit.',
  },
  'link.memory.bytes': {
    kind: { type: 'number', unit: 'bytes' },
    meaning: 'Memory for batches on their way.',
  },
  'verify.budget.percent': {
    kind: { type: 'number', unit: '%' },
    meaning:
      "Share of the link's throughput that verification may read, of both sides together. 0 switches it off.",
  },
  'verify.floor.bytes.per.second': {
    kind: { type: 'number', unit: 'bytes/s' },
    meaning: 'What verification may read at least, so that links with little traffic are verified, too.',
  },
  'verify.interval.ms': {
    kind: { type: 'number', unit: 'ms' },
    meaning: 'How often the end of each mirror partition, and places at random, are compared.',
  },
  'verify.sweep.bytes.per.second': {
    kind: { type: 'number', unit: 'bytes/s' },
    meaning: 'What a sweep may read, of both sides together.',
  },
  'mirror.lock': {
    kind: { type: 'choice', options: ['lock', 'watch'] },
    meaning:
      'Whether others are kept from writing to mirror topics by ACLs on the destination, or foreign writes are only found.',
  },
  'mirror.lock.principal': {
    kind: { type: 'text' },
    meaning:
      'Who the link is to the destination, such as User:landbridge. Only needed where the lock says that it could not be found.',
  },
  'acl.sync.enable': {
    kind: { type: 'boolean' },
    meaning: 'Brings ACLs of the source over. Rights to write come when a mirror is promoted.',
  },
  'acl.sync.ms': {
    kind: { type: 'number', unit: 'ms' },
    meaning: 'How often ACLs are looked at: for the lock of mirror topics, and to bring them over.',
  },
  'acl.filters': {
    kind: { type: 'text' },
    meaning: 'Which ACLs are brought over, as JSON. Empty: none.',
  },
  'acl.principal.map': {
    kind: { type: 'text' },
    meaning:
      'Names of principals on the destination where they differ, as JSON such as {"User:orders":"User:orders-cloud"}.',
  },
  'acl.sync.delete': {
    kind: { type: 'boolean' },
    meaning:
      'Removes ACLs that were brought over once they are gone at the source; each is listed one run before.',
  },
  'two.person.operations': {
    kind: { type: 'operations', options: guardedOperation.options },
    meaning:
      'What another person has to confirm before it happens. Taking something off needs that person too.',
  },
};

export const isSettingKey = (key: string): key is LinkSettingKey => key in settingKinds;

/** What is typed as the contract wants it; null is the default. */
export function patchOf(key: LinkSettingKey, typed: string | null) {
  return newLinkSettings.safeParse({
    [key]: typed === null ? null : typedValue(settingKinds[key].kind, typed),
  });
}

function typedValue(kind: SettingKind, typed: string): unknown {
  const text = typed.trim();
  if (kind.type === 'boolean') return text === 'true';
  // Digits only: Number() takes much more than a person would call a number.
  if (kind.type === 'number') return /^\d+$/.test(text) ? Number(text) : text === '' ? null : text;
  return text;
}
