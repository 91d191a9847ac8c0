// Groups on the destination in one run: their states, who coordinates them, what they have committed on the link's mirrors.
import {
  type Answers,
  alterShareStarts,
  commitOffsets,
  committedOffsets,
  coordinatorsOf,
  listAllGroups,
  shareGroupEpochs,
  shareGroupStarts,
} from '@/server/kafka/groups';
import type { OffsetCommitRequest } from '@/server/kafka/wire/apis/offset-commit';
import type { CommittedOffset } from '@/server/kafka/wire/apis/offset-fetch';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { KafkaError } from '@/server/kafka/wire/errors';

/** Of a share group that nobody has joined. */
const EPOCH_WITHOUT_MEMBERS = 1;

export class DestinationGroups {
  readonly #client: ClusterClient;
  readonly #states = new Map<string, string>();
  readonly #coordinators = new Map<string, number>();
  readonly #errors = new Map<string, KafkaError>();
  /** Share groups: their start offsets count as committed. */
  readonly #shares: ReadonlySet<string>;
  #committed: Answers<CommittedOffset[]> = new Map();
  #epochs: Answers<number> = new Map();

  private constructor(client: ClusterClient, shares: ReadonlySet<string>) {
    this.#client = client;
    this.#shares = shares;
  }

  /** @param shares which of the names are share groups */
  static async look(
    client: ClusterClient,
    names: readonly string[],
    shares: ReadonlySet<string>,
  ): Promise<DestinationGroups> {
    const there = new DestinationGroups(client, shares);
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
    const [shares, others] = this.#apart(names);
    this.#committed = new Map([
      ...(await committedOffsets(this.#client, this.#at(others), { requireStable: true })),
      ...(await shareGroupStarts(this.#client, this.#at(shares))),
    ]);
    this.#epochs = await shareGroupEpochs(this.#client, this.#at(shares));
  }

  /** Null: not there, or it may not be seen. */
  stateOf(name: string): string | null {
    return this.#states.get(name) ?? null;
  }

  /** @returns what stands there; or why that isn't known */
  committed(name: string): readonly CommittedOffset[] | KafkaError {
    const answer = this.#committed.get(name);
    const untold = this.#epochs.get(name)?.error;
    if (untold) return untold;
    return (
      answer?.value ??
      answer?.error ??
      this.#errors.get(name) ??
      new KafkaError(`${this.#client.name} has not told what ${name} has committed`, { retriable: true })
    );
  }

  /** Somebody has read as this share group, whatever its start offsets say: brokers move those late. */
  wasJoined(name: string): boolean {
    return (this.#epochs.get(name)?.value ?? 0) > EPOCH_WITHOUT_MEMBERS;
  }

  async commit(requests: ReadonlyMap<string, OffsetCommitRequest>): Promise<Answers<Map<string, number>>> {
    const [shares, others] = this.#apart(requests.keys());
    return new Map([
      ...(await commitOffsets(this.#client, this.#at(others), requests)),
      ...(await alterShareStarts(this.#client, this.#at(shares), requests)),
    ]);
  }

  #apart(names: Iterable<string>): [shares: string[], others: string[]] {
    const all = [...names];
    return [all.filter((name) => this.#shares.has(name)), all.filter((name) => !this.#shares.has(name))];
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
