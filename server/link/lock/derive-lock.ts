// Which ACLs keep everybody but the link from writing to a mirror topic, and who can write in spite of them. Pure; docs/mirror-lock.md says the
// same to operators. A DENY for everybody would stop the link, too, so each principal that holds a right is denied by name.
import { type AclBinding, type BindingOperation, bindingText } from '@/lib/contracts/acl';
import type { Self } from '../access/self';
import { ANY_HOST, allows, EVERYBODY } from '../access/topic-access';

/** All that could make the mirror another log than its source. */
export const LOCKED_OPERATIONS = ['WRITE', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const;
type LockedOperation = (typeof LOCKED_OPERATIONS)[number];
/** What a link does with its mirror topics; DESCRIBE and DESCRIBE_CONFIGS come with these. */
const OWN_OPERATIONS = ['READ', 'WRITE', 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const;
/** What everybody had and keeps where there was no ACL; DESCRIBE comes with READ. */
const OPEN_OPERATIONS = ['READ', 'DESCRIBE_CONFIGS'] as const;

export type LockPlan = {
  /** That must stand, in the order in which they are to be added. Those that stand already belong to whoever put them there. */
  bindings: AclBinding[];
  /** Those that hold rights to write without these bindings. */
  holders: string[];
  /** Why others can write in spite of them; null where nobody but super users can. */
  open: string | null;
  /** Whole sentences about what others can do besides writing. */
  notes: string[];
  /** It depends on who the link is, which has not been found out. */
  needsSelf: boolean;
};

/**
 * @param about   what stands on the topic, without what the link has added itself
 * @param cluster what stands on the cluster
 */
export function deriveLock(
  topic: string,
  about: readonly AclBinding[],
  cluster: readonly AclBinding[],
  self: Self,
): LockPlan {
  const plan = about.length > 0 ? amongAcls(topic, about, self) : withoutAcls(topic, self);
  return { ...plan, notes: [...plan.notes, ...deletersOf(cluster, self)] };
}

/**
 * Rights come from ALLOWs alone: each holder but the link is denied what it holds. Where brokers let everybody in without an ACL, the first one on the
 * topic, whoever added it (the sync of ACLs does), shuts out who has none: not the link.
 */
function amongAcls(topic: string, about: readonly AclBinding[], self: Self): LockPlan {
  const plan: LockPlan = { bindings: [], holders: [], open: null, notes: [], needsSelf: false };
  const holders = new Set<string>();
  const lacking = lackedBy(self.principal, about);
  if (self.openByDefault === true && self.principal !== null)
    plan.bindings = lacking.map((operation) => on(topic, self.principal as string, operation, 'ALLOW'));
  for (const operation of LOCKED_OPERATIONS) {
    const giving = about.filter((binding) => allows(binding, operation));
    const toAll = giving.find(({ principal }) => principal === EVERYBODY);
    if (toAll) {
      openToAll(plan, operation, toAll);
      continue;
    }
    for (const principal of new Set(giving.map((binding) => binding.principal))) {
      if (principal === self.principal) continue;
      holders.add(principal);
      plan.bindings.push(on(topic, principal, operation, 'DENY'));
    }
  }
  plan.holders = [...holders];
  plan.needsSelf = (holders.size > 0 || lacking.includes('WRITE')) && !self.proven;
  if (holders.size > 0 && self.proven && self.principal === null && !self.superUser) {
    plan.open = `${plan.holders.join(', ')} can write, and which of them the link itself is could not be found: name its principal in mirror.lock.principal.`;
    plan.bindings = [];
  }
  return plan;
}

/** What no ALLOW gives to the link. */
function lackedBy(principal: string | null, about: readonly AclBinding[]) {
  const theirs = about.filter((b) => b.principal === principal || b.principal === EVERYBODY);
  return OWN_OPERATIONS.filter((operation) => !theirs.some((binding) => allows(binding, operation)));
}

function openToAll(plan: LockPlan, operation: LockedOperation, binding: AclBinding): void {
  if (operation === 'WRITE')
    plan.open = `Everybody can write: ${bindingText(binding)}. A DENY for everybody would stop the link, too; give the right to principals by name.`;
  else plan.notes.push(`Everybody holds ${operation}: ${bindingText(binding)}.`);
}

/** The brokers' default counts. Where it lets everybody in, the first ACL on the topic keeps out whoever has none, so reading is given to all. */
function withoutAcls(topic: string, self: Self): LockPlan {
  const plan: LockPlan = { bindings: [], holders: [], open: null, notes: [], needsSelf: false };
  if (self.openByDefault === false) return plan;
  if (!self.proven) return { ...plan, holders: [EVERYBODY], needsSelf: true };
  if (self.openByDefault === null)
    plan.open =
      'No ACL names the topic, and whether brokers then let everybody in (allow.everyone.if.no.acl.found) could not be found out. Add an ACL on it, such as READ for its readers.';
  else if (self.principal === null)
    plan.open =
      'No ACL names the topic, so everybody can write, and who the link itself is could not be found: name its principal in mirror.lock.principal.';
  else
    plan.bindings = [
      ...OPEN_OPERATIONS.map((operation) => on(topic, EVERYBODY, operation, 'ALLOW')),
      ...OWN_OPERATIONS.map((operation) => on(topic, self.principal as string, operation, 'ALLOW')),
    ];
  return plan;
}

/** DeleteTopics asks for DELETE on the cluster before it looks at topics. */
function deletersOf(cluster: readonly AclBinding[], self: Self): string[] {
  if (cluster.length === 0)
    return self.openByDefault === true
      ? ['No ACL names the cluster, so everybody can still delete topics as a whole.']
      : [];
  const deleting = cluster.filter((binding) => allows(binding, 'DELETE')).map((b) => b.principal);
  const others = [...new Set(deleting)].filter((principal) => principal !== self.principal);
  if (others.length === 0) return [];
  return [`With DELETE on the cluster, ${others.map(spoken).join(', ')} can still delete topics as a whole.`];
}

const spoken = (principal: string) => (principal === EVERYBODY ? 'everybody' : principal);

function on(
  topic: string,
  principal: string,
  operation: BindingOperation,
  permission: 'ALLOW' | 'DENY',
): AclBinding {
  return {
    ...{ resourceType: 'TOPIC', resourceName: topic, patternType: 'LITERAL' },
    ...{ principal, host: ANY_HOST, operation, permission },
  };
}

/**
 * Which ACLs keep everybody, the link included, from writing to a topic of the source: it only reads there, and so nobody is missed.
 * @returns null where adding an ACL would take readers' rights away, or give rights to more than had them: which, is not known
 */
export function deriveFence(topic: string, about: readonly AclBinding[], self: Self): AclBinding[] | null {
  const fence = on(topic, EVERYBODY, 'WRITE', 'DENY');
  if (about.length > 0 || self.openByDefault === false) return [fence];
  if (self.openByDefault === null) return null;
  const kept = [...OPEN_OPERATIONS, 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const;
  return [...kept.map((operation) => on(topic, EVERYBODY, operation, 'ALLOW')), fence];
}
