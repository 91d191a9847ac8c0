// The ACLs that a link has added to its clusters, and the only way to add and remove them: what is to be added is in the store before it is
// on the cluster, so that nothing that stands there is ever without its owner, and nothing of anybody else is ever removed.
import {
  type AclBinding,
  type AclPurpose,
  bindingKey,
  bindingText,
  type HeldAcls,
} from '@/lib/contracts/acl';
import type { DestinationWrite } from '@/lib/contracts/engine';
import { aclsInForce, addAcls, removeAcls } from '@/server/kafka/acls';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';

/** How long brokers may take to go by what the controller has accepted: 35 ms were measured. */
const IN_FORCE_LIMIT_MS = 10_000;

const WHAT = {
  LOCK: 'LOCK_SET',
  FENCE: 'FENCE_SET',
  SYNC: 'ACLS_SYNCED',
} as const satisfies Record<AclPurpose, DestinationWrite['what']>;

export type BookPorts = {
  /** Resolves when it is in the store. */
  holdAcls(held: HeldAcls[]): Promise<void>;
  /** Keys of what else this engine's links have added to that cluster: shared ones go with the last that holds them. */
  heldElsewhere(clusterId: string, purpose: AclPurpose): ReadonlySet<string>;
  wrote(write: DestinationWrite): void;
};

/** By name, what is to stand; what is held and not wanted is taken away. */
export type Wanted = ReadonlyMap<string, readonly AclBinding[]>;

export class AclBook {
  readonly #ports: BookPorts;
  readonly #held = new Map<AclPurpose, Map<string, AclBinding[]>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ports: BookPorts, held: readonly HeldAcls[]) {
    this.#ports = ports;
    for (const { purpose, name, bindings } of held) this.#of(purpose).set(name, bindings);
  }

  /** Changes of ACLs run one after the other: each goes by what the one before has left. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  names(purpose: AclPurpose): string[] {
    return [...this.#of(purpose).keys()];
  }
  held(purpose: AclPurpose, name: string): readonly AclBinding[] {
    return this.#of(purpose).get(name) ?? [];
  }
  keys(...purposes: AclPurpose[]): Set<string> {
    const all = purposes.flatMap((purpose) => [...this.#of(purpose).values()].flat());
    return new Set(all.map(bindingKey));
  }
  all(): HeldAcls[] {
    return [...this.#held].flatMap(([purpose, names]) =>
      [...names].map(([name, bindings]) => ({ purpose, name, bindings })),
    );
  }

  /**
   * Brings about what is wanted under the given names, and nothing else. To be called in turn.
   * @param present what stands on the cluster now
   * @returns what stands then, seen in force on every broker; the same as `present` when there was nothing to do
   */
  async settle(
    client: ClusterClient,
    purpose: AclPurpose,
    present: readonly AclBinding[],
    wanted: Wanted,
  ): Promise<readonly AclBinding[]> {
    const standing = new Set(present.map(bindingKey));
    const shared = this.#ports.heldElsewhere(client.clusterId ?? '', purpose);
    const changes = [...wanted].map(([name, bindings]) =>
      this.#change(purpose, name, bindings, standing, shared),
    );
    const add = changes.flatMap((change) => change.add);
    const remove = changes.flatMap((change) => change.remove);
    const intents = changes.filter(({ held, next }) => next.some((b) => !includes(held, b)));
    await this.#hold(
      purpose,
      intents.map(({ name, held, next }) => ({ name, bindings: union(held, next) })),
    );
    if (add.length > 0) await addAcls(client, add);
    if (remove.length > 0) await removeAcls(client, remove);
    const shown =
      add.length + remove.length > 0
        ? await aclsInForce(client, { present: add, absent: remove, limitMs: IN_FORCE_LIMIT_MS })
        : present;
    const settled = changes.filter(({ name, next }) => !same(this.held(purpose, name), next));
    await this.#hold(
      purpose,
      settled.map(({ name, next }) => ({ name, bindings: next })),
    );
    this.#tell(purpose, changes);
    return shown;
  }

  /** What stood before any link held it is nobody's to remove; what it holds and somebody has removed is added again. */
  #change(
    purpose: AclPurpose,
    name: string,
    wanted: readonly AclBinding[],
    standing: ReadonlySet<string>,
    shared: ReadonlySet<string>,
  ) {
    const held = this.held(purpose, name);
    const anothers = (b: AclBinding) => standing.has(bindingKey(b)) && !shared.has(bindingKey(b));
    const next = wanted.filter((b) => includes(held, b) || !anothers(b));
    return {
      name,
      held,
      next,
      add: next.filter((b) => !standing.has(bindingKey(b))),
      // What was added first, for readers, goes last.
      remove: held.filter((b) => !includes(wanted, b) && !shared.has(bindingKey(b))).reverse(),
    };
  }

  async #hold(purpose: AclPurpose, changes: { name: string; bindings: AclBinding[] }[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#ports.holdAcls(changes.map((change) => ({ purpose, ...change })));
    for (const { name, bindings } of changes) {
      if (bindings.length > 0) this.#of(purpose).set(name, bindings);
      else this.#of(purpose).delete(name);
    }
  }

  #tell(purpose: AclPurpose, changes: { name: string; add: AclBinding[]; remove: AclBinding[] }[]): void {
    const items = changes
      .filter(({ add, remove }) => add.length + remove.length > 0)
      .map(({ name, add, remove }) => ({
        topic: name,
        before: {
          ...Object.fromEntries(add.map((binding) => [bindingText(binding), null])),
          ...Object.fromEntries(remove.map((binding) => [bindingText(binding), 'stands'])),
        },
        after: {
          ...Object.fromEntries(add.map((binding) => [bindingText(binding), 'stands'])),
          ...Object.fromEntries(remove.map((binding) => [bindingText(binding), null])),
        },
      }));
    if (items.length > 0) this.#ports.wrote({ what: WHAT[purpose], items });
  }

  #of(purpose: AclPurpose): Map<string, AclBinding[]> {
    const known = this.#held.get(purpose);
    if (known) return known;
    const names = new Map<string, AclBinding[]>();
    this.#held.set(purpose, names);
    return names;
  }
}

const includes = (bindings: readonly AclBinding[], binding: AclBinding) =>
  bindings.some((other) => bindingKey(other) === bindingKey(binding));
const union = (a: readonly AclBinding[], b: readonly AclBinding[]) => [
  ...a,
  ...b.filter((binding) => !includes(a, binding)),
];
const same = (a: readonly AclBinding[], b: readonly AclBinding[]) =>
  a.length === b.length && b.every((binding) => includes(a, binding));
