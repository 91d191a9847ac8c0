// What members of classic consumer groups write into their group, opaque to brokers: the partitions that a member is assigned
// (ConsumerProtocolAssignment). Clients write it, in all languages: what cannot be read is no error of the broker's answer.
//
// Assignment v0 … v3 => version (int16) [topic (string) [partition (int32)]] user_data (nullable bytes)
import { DecodeError } from './errors';
import { Reader } from './reader';

export type AssignedTopic = { topic: string; partitions: number[] };

/** @returns null for bytes of another form; none for a member that isn't assigned anything yet */
export function consumerAssignment(bytes: Buffer): AssignedTopic[] | null {
  if (bytes.length === 0) return [];
  const r = new Reader(bytes);
  try {
    if (r.int16() < 0) return null;
    return r.array(() => ({ topic: r.string(), partitions: r.array(() => r.int32()) }));
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
