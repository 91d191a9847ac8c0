// What other parts of a link do while one of its mirrors is being stopped. Handed in where the link is put together (link-runner.ts); a sync that
// is not there is skipped, with that as the reason.
import type { OperationKind, StepName } from '@/lib/contracts/operation';
import type { Fenced } from '../lock/source-fence';
import type { MirrorTopic } from '../mirror-topic';

export type EndingPart = {
  /** SKIPPED says why; it never keeps the mirror from being stopped. */
  state: 'DONE' | 'SKIPPED';
  detail: string | null;
};

/**
 * One last sync of what travels besides records. Asked once everything has been drained and before the fence; asked again after a restart, so it must
 * not matter how often. A throw is tried again until `limitMs` have passed, then it is skipped with the error as the reason. At a failover the source
 * must not be asked for anything.
 */
export type FinalSync = {
  readonly step: Extract<StepName, 'SYNC_CONFIGS' | 'SYNC_ACLS' | 'SYNC_OFFSETS'>;
  readonly limitMs: number;
  run(topic: MirrorTopic, kind: OperationKind, signal: AbortSignal): Promise<EndingPart>;
};

export type EndingPorts = {
  /** In this order. */
  readonly finalSyncs: readonly FinalSync[];
  /**
   * Behind the fence: takes away the lock and the link principal's WRITE on the topic, and gives others the rights to write that the source's have. Must
   * not matter how often. A throw is tried again, and after a while skipped with the reason: the fence stands by itself.
   */
  unlock(topic: MirrorTopic, kind: OperationKind): Promise<EndingPart>;
  /** At the source; neither must matter how often. */
  readonly sourceFence: {
    fence(topics: readonly string[]): Promise<Fenced>;
    unfence(topics: readonly string[]): Promise<void>;
    readonly topics: readonly string[];
  };
};
