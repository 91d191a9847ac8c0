// The memories of a link's groups: read once from the store, written back before anything that they must hold for.
import type { LinkPorts } from '../link-core';
import { GroupMemory } from './group-memory';

export class MemoryKeeper {
  readonly #ports: LinkPorts;
  readonly #memories = new Map<string, GroupMemory>();
  #loaded = false;

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** @throws when the store doesn't answer: without it, own commits can't be told from somebody else's */
  async load(): Promise<void> {
    if (this.#loaded) return;
    for (const stored of await this.#ports.recallGroups())
      this.#memories.set(stored.group, GroupMemory.from(stored));
    this.#loaded = true;
  }

  of(group: string): GroupMemory {
    let memory = this.#memories.get(group);
    if (!memory) {
      memory = new GroupMemory(group);
      this.#memories.set(group, memory);
    }
    return memory;
  }
  peek(group: string): GroupMemory | undefined {
    return this.#memories.get(group);
  }
  all(): GroupMemory[] {
    return [...this.#memories.values()];
  }

  /** Resolves when everything that has changed is on disk. */
  async save(): Promise<void> {
    const changed = this.all().filter((memory) => memory.changed);
    if (changed.length === 0) return;
    for (const memory of changed) memory.changed = false;
    try {
      await this.#ports.keepGroups({ put: changed.map((memory) => memory.toStored()), remove: [] });
    } catch (error) {
      for (const memory of changed) memory.changed = true;
      throw error;
    }
  }

  /** Forgets what was committed on topics that are gone; a group without any other is forgotten, unless it was used there. */
  async forgetTopics(topics: readonly string[]): Promise<void> {
    const empty: string[] = [];
    for (const memory of this.all()) {
      if (!memory.forgetTopics(topics)) continue;
      if (memory.empty && memory.used === null) empty.push(memory.group);
    }
    await this.forget(empty);
    await this.save();
  }

  /** Forgets groups that are gone on both sides. */
  async forget(groups: readonly string[]): Promise<void> {
    const known = groups.filter((group) => this.#memories.has(group));
    if (known.length === 0) return;
    await this.#ports.keepGroups({ put: [], remove: known });
    for (const group of known) this.#memories.delete(group);
  }
}
