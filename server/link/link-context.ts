// What the parts of one running link share: both clients, memory, identity, settings, and the few things they tell each other.
import type { LinkSettings } from '@/lib/contracts/link';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { MemoryBudget } from './budget';
import type { FillWay } from './fill';
import type { FillTransactions } from './fill-transactions';
import type { LinkIdentity } from './identity';
import type { LatencyWindow } from './latency';
import type { MirrorPartition } from './partition';

export type Tuning = {
  unknownFateWaitMs: number;
  halfCloseWaitMs: number;
  produceTimeoutMs: number;
  markersTimeoutMs: number;
  fillerRecords: number;
  /** Null: by markers where the principal may write them. */
  fillWay: FillWay | null;
  markerProbeMs: number;
  /** Between looks at what seems to differ. */
  verifyLookMs: number;
  /** Committed offsets are committed again after this long, so that they don't expire. */
  offsetRenewMs: number;
};

export type LinkContext = {
  readonly linkId: string;
  readonly linkName: string;
  readonly source: ClusterClient;
  readonly destination: ClusterClient;
  readonly budget: MemoryBudget;
  readonly identity: LinkIdentity;
  readonly fills: FillTransactions;
  readonly latency: LatencyWindow;
  readonly tuning: Tuning;
  settings: LinkSettings;
  /** producer.id.expiration.ms of the destination, less a margin. */
  guardMs: number;
  /** link.throttle.bytes.per.second: no fetch before this (monotonic ms). */
  throttleUntilMs: number;
  stopping: boolean;
  /** Ends what an earlier engine's fills left open, unless it stopped in order. After the epoch was raised, before anything is appended. */
  takeOverFills(): Promise<void>;
  /** The partition's place on the destination must be read anew. */
  recover(partition: MirrorPartition, why: string): void;
  /** Something that was sent for the partition, in this life or an earlier one, may still be appended until `settled` resolves. */
  unsettled(partition: MirrorPartition, settled: Promise<boolean>): void;
  /** The partition has failed or is gone: it isn't recovered any more. */
  forgetRecovery(partition: MirrorPartition): void;
  /** Everything in front of the partition's position is there: fetch. */
  run(partition: MirrorPartition): void;
  /** The partition has room in its queue again, or began or ended fetching. */
  fetchChanged(partition: MirrorPartition): void;
  /** Partitions that are being fetched. */
  fetching(): number;
  startFetching(partition: MirrorPartition): void;
  stopFetching(partition: MirrorPartition): void;
  /** The follower that the partition is read from is of no use: its leader is. Nothing, where its leader is read. */
  leaveFollower(partition: MirrorPartition, why: string): void;
  append(partition: MirrorPartition): void;
  stopWriting(partition: MirrorPartition): void;
  /** States that an operator sees may have changed. */
  stateChanged(): void;
  /** The partition's queue has something new at its head, or may go on. */
  writable(partition: MirrorPartition): void;
  /** Leaders may have moved. */
  refreshMetadata(): void;
  /** Another engine has taken over. */
  standDown(error: Error): void;
  failed(partition: MirrorPartition): void;
  /** The mirror topic refused a batch for its size. */
  tooLarge(partition: MirrorPartition, offset: bigint, bytes: number, place: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
};
