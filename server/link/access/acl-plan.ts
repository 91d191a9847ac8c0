// Which ACLs of the source are to stand on the destination, under which names, and which wait or never come, each with its reason. Pure.
import { type AclBinding, bindingKey } from '@/lib/contracts/acl';
import { type AclFilter, letsAclThrough } from '@/lib/contracts/acl-filters';
import type { AclAction } from '@/lib/contracts/acl-sync';
import { allows, EVERYBODY, isAbout } from './topic-access';

/** What could make a mirror another log than its source. */
const WRITING = ['WRITE', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const;
/** What of ALL can come before the promotion; DESCRIBE comes with READ. */
const READING = ['READ', 'DESCRIBE_CONFIGS'] as const;

export type MirrorName = { topic: string; sourceTopic: string; stopped: boolean };

export type SyncInput = {
  source: readonly AclBinding[];
  destination: readonly AclBinding[];
  /** Keys of what this link has brought over before. */
  held: ReadonlySet<string>;
  filters: readonly AclFilter[];
  principals: ReadonlyMap<string, string>;
  /** `cluster.link.prefix`: in front of the names of topics. Never guessed from mirrors: whoever adds one would move all ACLs. */
  prefix: string;
  /** Those that are mirrored now, and those that were and have another name than at the source. */
  mirrors: readonly MirrorName[];
  /** Keys of what links have added on the source themselves: locks and fences. */
  ownOnSource: ReadonlySet<string>;
  /** The link's principals on both sides, as far as they are known. */
  self: { source: string | null; destination: string | null };
};

export type PlannedAcl = {
  action: AclAction;
  /** As on the source; null where it is gone there. */
  from: AclBinding | null;
  /** As on the destination. */
  binding: AclBinding;
  reason: string | null;
};

/** @returns each binding of the destination once; SKIPPED ones are those that the filters let through and that never come */
export function planSync(input: SyncInput): PlannedAcl[] {
  const planned = new Map<string, PlannedAcl>();
  const standing = new Set(input.destination.map(bindingKey));
  const put = (entry: PlannedAcl) => {
    const key = bindingKey(entry.binding);
    const known = planned.get(key);
    // One way to come over is enough.
    if (!known || rank(entry.action) < rank(known.action)) planned.set(key, entry);
  };
  for (const from of input.source) {
    if (!letsAclThrough(input.filters, from)) continue;
    const skipped = neverComes(from, input);
    if (skipped !== null) {
      put({ action: 'SKIPPED', from, binding: from, reason: skipped });
      continue;
    }
    for (const binding of renamed(from, input))
      for (const entry of admitted(from, binding, input))
        put(
          entry.action === 'ADD' && standing.has(bindingKey(entry.binding))
            ? { ...entry, action: 'PRESENT' }
            : entry,
        );
  }
  const waiting = [...planned.values()].filter(({ action }) => action === 'WITHHELD');
  for (const binding of input.destination) {
    const key = bindingKey(binding);
    const wanted = planned.get(key);
    if (!input.held.has(key) || (wanted && wanted.action !== 'SKIPPED')) continue;
    // Given to one topic at its promotion, while other mirrors still wait.
    if (waiting.some((other) => covers(other.binding, binding))) continue;
    const reason = 'It is gone at the source, or the filters do not let it through any more.';
    planned.set(key, { action: 'REMOVE', from: null, binding, reason });
  }
  return [...planned.values()];
}

const rank = (action: AclAction) => ['PRESENT', 'ADD', 'WITHHELD', 'REMOVE', 'SKIPPED'].indexOf(action);

function neverComes(from: AclBinding, { ownOnSource, self }: SyncInput): string | null {
  if (ownOnSource.has(bindingKey(from)))
    return 'A link has added it, to lock a mirror topic or to fence a source topic.';
  if (self.source !== null && from.principal === self.source) return "It is the link's own on the source.";
  return null;
}

/** Under the destination's names of principal and resource. A prefix stays one; mirrors that it does not reach by another name come besides. */
function renamed(from: AclBinding, { principals, prefix, mirrors }: SyncInput): AclBinding[] {
  const binding = { ...from, principal: principals.get(from.principal) ?? from.principal };
  if (from.resourceType !== 'TOPIC' || (from.resourceName === '*' && from.patternType === 'LITERAL'))
    return [binding];
  const resourceName = prefix + from.resourceName;
  const own = { ...binding, resourceName };
  if (from.patternType === 'LITERAL') {
    const named = mirrors.filter(({ sourceTopic }) => sourceTopic === from.resourceName);
    return named.length > 0 ? named.map(({ topic }) => ({ ...binding, resourceName: topic })) : [own];
  }
  const beyond = mirrors.filter(
    ({ topic, sourceTopic }) => sourceTopic.startsWith(from.resourceName) && !topic.startsWith(resourceName),
  );
  return [
    own,
    ...beyond.map(({ topic }) => ({ ...binding, patternType: 'LITERAL' as const, resourceName: topic })),
  ];
}

/** Rights to write wait for the promotion, and so does what would stop the link. */
function admitted(from: AclBinding, binding: AclBinding, { mirrors, self }: SyncInput): PlannedAcl[] {
  const mirrored = mirrors.find(({ topic, stopped }) => !stopped && isAbout(binding, topic));
  const come: PlannedAcl = { action: 'ADD', from, binding, reason: null };
  if (!mirrored) return [come];
  const wait = (reason: string): PlannedAcl => ({ action: 'WITHHELD', from, binding, reason });
  if (binding.permission === 'DENY')
    return binding.principal === EVERYBODY || binding.principal === self.destination
      ? [
          wait(
            `It would stop the link, which writes to ${mirrored.topic}; it comes when no mirror is left that it is about.`,
          ),
        ]
      : [come];
  if (!WRITING.some((operation) => allows(binding, operation))) return [come];
  const held = wait(`${mirrored.topic} is a mirror: rights to write come over when it is promoted.`);
  if (binding.operation !== 'ALL') return [held];
  const reading = READING.map(
    (operation): PlannedAcl => ({
      ...come,
      binding: { ...binding, operation },
      reason: 'The reading part of ALL, which comes over when the mirror is promoted.',
    }),
  );
  return [...reading, held];
}

const covers = (wide: AclBinding, binding: AclBinding) =>
  isAbout(wide, binding.resourceName) &&
  bindingKey({ ...wide, resourceName: '', patternType: 'LITERAL' }) ===
    bindingKey({ ...binding, resourceName: '', patternType: 'LITERAL' });

/** Of what waits, that which is about this topic, on the topic alone: other mirrors still wait. */
export function grantedAtPromotion(planned: readonly PlannedAcl[], topic: string): AclBinding[] {
  const waiting = planned.filter(({ action, binding }) => action === 'WITHHELD' && isAbout(binding, topic));
  const literal = waiting
    .filter(({ binding }) => binding.permission === 'ALLOW')
    .map(({ binding }): AclBinding => ({ ...binding, resourceName: topic, patternType: 'LITERAL' }));
  return [...new Map(literal.map((binding) => [bindingKey(binding), binding])).values()];
}
