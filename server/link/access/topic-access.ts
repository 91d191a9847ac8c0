// How Kafka's authorizers read ACLs of topics (StandardAuthorizer, and AclAuthorizer before it). Pure; knows no cluster.
import type { AclBinding, BindingOperation } from '@/lib/contracts/acl';

export const EVERYBODY = 'User:*';
export const ANY_HOST = '*';

/** An ALLOW of the one on the right allows the one on the left, too; a DENY never does. */
const IMPLIED_BY: Partial<Record<BindingOperation, readonly BindingOperation[]>> = {
  DESCRIBE: ['READ', 'WRITE', 'DELETE', 'ALTER'],
  DESCRIBE_CONFIGS: ['ALTER_CONFIGS'],
};

/** Whether a binding is about this topic, whether or not it exists. */
export function isAbout(binding: AclBinding, topic: string): boolean {
  if (binding.resourceType !== 'TOPIC') return false;
  if (binding.patternType === 'PREFIXED') return topic.startsWith(binding.resourceName);
  return binding.resourceName === topic || binding.resourceName === '*';
}

export function allows(binding: AclBinding, operation: BindingOperation): boolean {
  if (binding.permission !== 'ALLOW') return false;
  const { operation: given } = binding;
  return given === operation || given === 'ALL' || (IMPLIED_BY[operation]?.includes(given) ?? false);
}

export function denies(binding: AclBinding, operation: BindingOperation): boolean {
  if (binding.permission !== 'DENY') return false;
  return binding.operation === operation || binding.operation === 'ALL';
}

/**
 * What a broker answers to somebody who is no super user, from any host.
 * @param openByDefault allow.everyone.if.no.acl.found
 */
export function isAllowed(
  bindings: readonly AclBinding[],
  topic: string,
  principal: string,
  operation: BindingOperation,
  openByDefault: boolean,
): boolean {
  const about = bindings.filter((binding) => isAbout(binding, topic));
  if (about.length === 0) return openByDefault;
  const theirs = about.filter((b) => b.principal === principal || b.principal === EVERYBODY);
  return (
    !theirs.some((binding) => denies(binding, operation)) &&
    theirs.some((binding) => allows(binding, operation))
  );
}

/** Finds those about a topic without going through all of a large cluster's. */
export class TopicAcls {
  readonly #literal = new Map<string, AclBinding[]>();
  readonly #prefixed: AclBinding[] = [];

  constructor(bindings: readonly AclBinding[]) {
    for (const binding of bindings) {
      if (binding.resourceType !== 'TOPIC') continue;
      if (binding.patternType === 'PREFIXED') this.#prefixed.push(binding);
      else {
        const known = this.#literal.get(binding.resourceName);
        if (known) known.push(binding);
        else this.#literal.set(binding.resourceName, [binding]);
      }
    }
  }

  about(topic: string): AclBinding[] {
    const everyTopic = topic === '*' ? [] : (this.#literal.get('*') ?? []);
    const prefixed = this.#prefixed.filter(({ resourceName }) => topic.startsWith(resourceName));
    return [...(this.#literal.get(topic) ?? []), ...everyTopic, ...prefixed];
  }
}
