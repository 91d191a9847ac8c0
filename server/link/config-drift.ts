// Where the configs of a mirror differ from its source's, which rule each is under, and whose value stands. Pure.
import {
  ALWAYS_SYNCED,
  CHOOSABLE,
  type ConfigRule,
  HELD_WHILE_MIRRORING,
  type MirrorConfigRow,
} from '@/lib/contracts/topic-config-sync';
import type { TopicConfig } from '@/server/kafka/admin';
import { sameValue } from './topic-configs';

const ALWAYS: ReadonlySet<string> = new Set(ALWAYS_SYNCED);
const HELD: ReadonlySet<string> = new Set(HELD_WHILE_MIRRORING);

type Sides = { source: readonly TopicConfig[]; mirror: readonly TopicConfig[] };
type Chosen = { include: ReadonlySet<string>; own: Readonly<Record<string, string>> };

/** @returns what differs, and what is set on the source topic itself */
export function configDrift({ source, mirror }: Sides, chosen: Chosen): MirrorConfigRow[] {
  const [there, here] = [byName(source), byName(mirror)];
  const names = [...new Set([...there.keys(), ...here.keys()])].sort();
  return names.flatMap((name) => {
    const [from, to] = [there.get(name), here.get(name)];
    const same = sameValue(from?.value ?? null, to?.value ?? null);
    if (same && !from?.overridden) return [];
    const rule = ruleOf(name, chosen);
    const row = { name, source: from?.value ?? null, mirror: to?.value ?? null, same, rule };
    return [{ ...row, ...(same ? inStep : standsBecause(rule, name, from)) }];
  });
}

const byName = (configs: readonly TopicConfig[]) => new Map(configs.map((config) => [config.name, config]));

function ruleOf(name: string, { include, own }: Chosen): ConfigRule {
  if (HELD.has(name)) return 'HELD';
  // The policy is the source's; of limits, the larger one stands.
  if (ALWAYS.has(name)) return 'ALWAYS';
  if (own[name] !== undefined) return 'OWN';
  if (include.has(name)) return 'CHOSEN';
  return CHOOSABLE.includes(name) ? 'NOT_CHOSEN' : 'NEVER';
}

type Standing = Pick<MirrorConfigRow, 'holds' | 'why'>;
const inStep: Standing = { holds: 'BOTH', why: 'Both sides have the same.' };

function standsBecause(rule: ConfigRule, name: string, from: TopicConfig | undefined): Standing {
  switch (rule) {
    case 'HELD':
      return {
        holds: 'LINK',
        why: 'Held while mirroring, so that every record keeps its offset and time. At a promotion the source’s value is set.',
      };
    case 'OWN':
      return { holds: 'OPERATOR', why: 'Chosen for this mirror when it was created.' };
    case 'ALWAYS':
      return name === 'max.message.bytes'
        ? {
            holds: 'LINK',
            why: 'At least the source’s and Kafka’s default: raised with the source, never lowered.',
          }
        : { holds: 'SOURCE', why: 'Always travels: set on the mirror at the next sync.' };
    case 'CHOSEN':
      return from?.overridden
        ? { holds: 'SOURCE', why: 'Chosen: set on the mirror at the next sync.' }
        : {
            holds: 'MIRROR',
            why: 'Chosen, but not set on the source topic itself: only what is set there travels.',
          };
    case 'NOT_CHOSEN':
      return { holds: 'MIRROR', why: 'Not in topic.config.sync.include.' };
    case 'NEVER':
      return { holds: 'MIRROR', why: 'Never travels: it is a matter of each cluster’s brokers.' };
  }
}
