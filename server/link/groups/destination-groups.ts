// Groups on the destination in one run: their states, who coordinates them, what they have committed on the link's mirrors.
import {
  type Answers,
  commitOffsets,
  committedOffsets,
  coordinatorsOf,
  listAllGroups,
} from '@/server/kafka/groups';
import type { OffsetCommitRequest } from '@/server/kafka/wire/apis/offset-commit';
import type { CommittedOffset } from '@/server/kafka/wire/apis/offset-fetch';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { KafkaError } from '@/server/kafka/wire/errors';

export class DestinationGroups {
  readonly #client: ClusterClient;
  readonly #states = new Map<string, string>();
  readonly #coordinators = new Map<string, number>();
  readonly #errors = new Map<string, KafkaError>();
  #committed: Answers<CommittedOffset[]> = new Map();

  private constructor(client: ClusterClient) {
    this.#client = client;
  }

  static async look(client: ClusterClient, names: readonly string[]): Promise<DestinationGroups> {
    const there = new DestinationGroups(client);
    if (names.length === 0) return there;
    // A broker that doesn't list its groups is asked for each of them all the same.
    const { groups } = await listAllGroups(client);
    for (const name of names) {
      const listed = groups.get(name);
      if (!listed) continue;
      there.#states.set(name, listed.state);
      there.#coordinators.set(name, listed.coordinator);
    }
    const unlisted = names.filter((name) => !there.#coordinators.has(name));
    for (const [name, { value, error }] of await coordinatorsOf(client, unlisted))
      if (error) there.#errors.set(name, error);
      else there.#coordinators.set(name, value);
    await there.lookAgain(names);
    return there;
  }

  /** Reads anew what the groups have committed. */
  async lookAgain(names: Iterable<string>): Promise<void> {
    this.#committed = await committedOffsets(this.#client, this.#at(names), { requireStable: true });
  }

  /** Null: not there, or it may not be seen. */
  stateOf(name: string): string | null {
    return this.#states.get(name) ?? null;
  }

  /** @returns what stands there; or why that isn't known */
  committed(name: string): readonly CommittedOffset[] | KafkaError {
    const answer = this.#committed.get(name);
    return (
      answer?.value ??
      answer?.error ??
      this.#errors.get(name) ??
      new KafkaError(`${this.#client.name} has not told what ${name} has committed`, { retriable: true })
    );
  }

  commit(requests: ReadonlyMap<string, OffsetCommitRequest>): Promise<Answers<Map<string, number>>> {
    return commitOffsets(this.#client, this.#at(requests.keys()), requests);
  }

  #at(names: Iterable<string>): Map<string, number> {
    const at = new Map<string, number>();
    for (const name of names) {
      const coordinator = this.#coordinators.get(name);
      if (coordinator !== undefined) at.set(name, coordinator);
    }
    return at;
  }
}
