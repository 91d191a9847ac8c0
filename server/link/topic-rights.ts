// What the metadata says the link's principals may do with each topic: kept at the mirror, told once, and acted on when it changes.
import type { RightSide } from '@/lib/contracts/rights';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import { ErrorCode } from '@/server/kafka/wire/errors';
import type { LinkCore } from './link-core';
import type { MirrorTopic } from './mirror-topic';
import { missingMessage, missingTopicRights } from './rights';

/** Takes over one look at a topic of either side; a look that failed for another reason says nothing. */
export function noteRights(
  core: LinkCore,
  topic: MirrorTopic,
  side: RightSide,
  found: TopicMetadata | undefined,
): void {
  if (!found) return;
  const hidden = found.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  if (!hidden && found.operations === null) return;
  const missing = missingTopicRights(side, hidden ? null : found.operations);
  topic.missing[side] = missing;
  const cluster = side === 'SOURCE' ? core.desired.source : core.desired.destination;
  const message = missingMessage(side, cluster, found.name, missing);
  if (message === topic.missingMessage[side]) return;
  topic.missingMessage[side] = message;
  tell(core, topic, side, message);
  if (message === null) tryAgain(core, topic);
}

function tell(
  { ports, context }: LinkCore,
  topic: MirrorTopic,
  side: RightSide,
  message: string | null,
): void {
  const name = side === 'SOURCE' ? topic.desired.sourceTopic : topic.name;
  const said = message ?? `The rights on topic ${name} (${side.toLowerCase()}) are complete again.`;
  ports.event(topic.name, null, null, message === null ? 'RIGHTS_COMPLETE' : 'RIGHTS_MISSING', said);
  context.log(message === null ? 'info' : 'warn', said);
}

/** What waited for the right need not wait for its next turn. */
function tryAgain(core: LinkCore, topic: MirrorTopic): void {
  topic.setUpNotBeforeMs = 0;
  for (const partition of topic.partitions) {
    partition.recoverNotBeforeMs = 0;
    if (partition.mode === 'HEAD') core.context.writable(partition);
  }
}
