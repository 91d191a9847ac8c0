// The task that keeps consumer groups on the destination in step with the source. The work is the offset sync's.
import type { OffsetSync } from '../groups/offset-sync';
import type { LinkCore } from '../link-core';
import type { TaskWork } from './link-tasks';

export function consumerOffsetSync({ context }: LinkCore, groups: OffsetSync): TaskWork {
  return {
    name: 'ConsumerOffsetSync',
    enabled: () => context.settings['consumer.offset.sync.enable'],
    intervalMs: () => context.settings['consumer.offset.sync.ms'],
    run: () => groups.run({ topic: null, source: true, final: false }),
  };
}
