// mirrors:truncate-and-restore: answers, for each topic, that a client cannot cut off a tail, how much is known to have diverged, and the way that exists.
import type { z } from 'zod';
import { restAlteredMirrors, restAlterMirrors } from '@/lib/contracts/kafka-rest';
import type { OperationStatement } from '@/lib/contracts/operation';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import type { CatalogLink } from '@/server/control/catalog';
import { linkTarget, Visible } from '@/server/control/visible';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { operationById } from '@/server/store/operations';
import { restRoute } from './dialect';
import { flag, linkParams, requireLink, validateOnly } from './find';
import { alteredMirrors, chosenBy } from './mirror-rows';

type Row = z.infer<typeof restAlteredMirrors>['data'][number];

/** Of a topic that was failed over to the other side: where its mirror ended there. */
type Diverged = { link: CatalogLink; operationId: string };

export const truncateRestMirrors = restRoute({
  access: 'approver',
  params: linkParams,
  query: validateOnly.extend({ include_partition_level_truncation_data: flag('false') }),
  body: restAlterMirrors,
  response: restAlteredMirrors,
  handler: async ({ runtime, actor, baseUrl, params, query, body }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    authorise(actor, 'approver', linkTarget(link));
    const diverged = failedOverFrom(runtime, actor, link);
    const names = new Set([...link.mirrors.keys(), ...diverged.keys()]);
    const topics = chosenBy({ mirrors: names }, body);
    const known = new Map<string, OperationStatement | null>();
    for (const topic of topics) known.set(topic, await statementOf(runtime, diverged.get(topic)));
    return alteredMirrors(
      runtime,
      link,
      baseUrl,
      topics,
      (topic) =>
        new LandbridgeError(
          'NOT_IMPLEMENTED',
          messageOf(link, topic, diverged.get(topic), known.get(topic) ?? null),
        ),
      (topic) =>
        query.include_partition_level_truncation_data ? partitionsOf(known.get(topic) ?? null) : [],
    );
  },
});

/** Topics of the link's destination whose mirrors elsewhere were failed over: what they hold beyond those is what diverged. */
function failedOverFrom(runtime: Runtime, actor: Actor, link: CatalogLink): Map<string, Diverged> {
  const found = new Map<string, Diverged>();
  for (const other of new Visible(runtime.catalog, actor).links) {
    if (other.sourceClusterId !== link.destinationClusterId) continue;
    for (const { sourceTopic, stopped } of other.mirrors.values())
      if (stopped?.how === 'FAILOVER')
        found.set(sourceTopic, { link: other, operationId: stopped.operationId });
  }
  return found;
}

async function statementOf(
  runtime: Runtime,
  diverged: Diverged | undefined,
): Promise<OperationStatement | null> {
  if (!diverged) return null;
  return (await operationById(runtime.store.db, diverged.link.id, diverged.operationId))?.statement ?? null;
}

function messageOf(
  { destination }: CatalogLink,
  topic: string,
  diverged: Diverged | undefined,
  statement: OperationStatement | null,
): string {
  const known =
    diverged && statement
      ? `Its mirror on "${diverged.link.destination}" was failed over at ${new Date(statement.at).toISOString()}; ` +
        (statement.missing === null
          ? 'how many records that mirror lacks is not known. '
          : `${statement.missing} offsets were seen on "${destination}" that it lacks. `)
      : 'How many records diverge is not known. ';
  return (
    `Nothing was truncated: no client can cut off the tail of a topic. ${known}` +
    `Save what only "${destination}" holds if it matters, delete topic "${topic}" there, and mirror it anew with this link.`
  );
}

/** What would have to be cut off, as far as it was seen. */
function partitionsOf(statement: OperationStatement | null): Row['partition_level_truncation_data'] {
  return (statement?.partitions ?? []).flatMap(({ partition, mirrorEnd, missing }) =>
    mirrorEnd === null || missing === null
      ? []
      : [
          {
            partition_id: partition,
            offset_truncated_to: BigInt(mirrorEnd),
            messages_truncated: BigInt(missing),
          },
        ],
  );
}
