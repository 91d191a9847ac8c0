// Which replica of a source partition a link with client.rack reads from (KIP-392): its leader, or the follower that the leader has named. State and rules
// only; who asks the leader is nearest-replica.ts.

/** Trouble in a row doubles the wait at most so often. */
const MAX_DOUBLINGS = 5;

export class ReadReplica {
  /** The follower that is read from; null: the leader. */
  follower: number | null = null;
  /** When the leader is asked again which replica is nearest (monotonic ms). */
  askAtMs = 0;
  /** Since when its leader has had records that the follower does not bring (monotonic ms); null while it brings them. */
  missingSinceMs: number | null = null;
  #troubles = 0;

  /** The leader has named a follower, for the first time or again. */
  take(follower: number, nowMs: number, ageMs: number): void {
    // It has been of use for as long as it was asked for.
    if (this.follower === follower) this.#troubles = 0;
    else this.missingSinceMs = null;
    this.follower = follower;
    this.askAtMs = nowMs + ageMs;
  }

  /** The leader has named none: it is the nearest itself, or no follower in that rack is in sync. */
  stay(nowMs: number, ageMs: number): void {
    this.follower = null;
    this.missingSinceMs = null;
    this.askAtMs = nowMs + ageMs;
  }

  /** The follower was of no use: it comes into question later, and later still each time that it is of no use again. */
  giveUp(nowMs: number, ageMs: number): void {
    this.follower = null;
    this.missingSinceMs = null;
    this.askAtMs = nowMs + ageMs * 2 ** Math.min(this.#troubles, MAX_DOUBLINGS);
    this.#troubles++;
  }

  /** Another leader, or another rack: what was learnt is of no use any more. */
  forget(): void {
    this.follower = null;
    this.askAtMs = 0;
    this.missingSinceMs = null;
    this.#troubles = 0;
  }
}
