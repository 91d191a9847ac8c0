// mirrors:truncate-and-restore: answers, for each topic, that a client cannot cut off a tail, how many records have diverged as far as both sides tell,
// and the way that exists: a failback.
import type { z } from 'zod';
import { restAlteredMirrors, restAlterMirrors } from '@/lib/contracts/kafka-rest';
import type { OperationStatement } from '@/lib/contracts/operation';
import { type PartingLook, remakeOptions } from '@/lib/contracts/remake';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import type { CatalogLink } from '@/server/control/catalog';
import { linkTarget, Visible } from '@/server/control/visible';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { operationById } from '@/server/store/operations';
import { restRoute } from './dialect';
import { flag, linkParams, requireLink, validateOnly } from './find';
import { alteredMirrors, chosenBy } from './mirror-rows';

type Row = z.infer<typeof restAlteredMirrors>['data'][number];

/** Of a topic that was failed over to the other side: where its mirror ended there. */
type Diverged = { link: CatalogLink; topic: string; operationId: string };
type Known = { statement: OperationStatement | null; parting: PartingLook | null };

/** Topics that are read on both sides for one answer; of the others the statement of their failover is told. */
const READ_AT_MOST = 5;

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
    const known = new Map<string, Known>();
    for (const topic of topics) {
      const one = diverged.get(topic);
      const read = one !== undefined && known.size < READ_AT_MOST;
      const parting = read ? await partingOf(runtime, actor, one) : null;
      known.set(topic, { parting, statement: await statementOf(runtime, one) });
    }
    return alteredMirrors(
      runtime,
      link,
      baseUrl,
      topics,
      (topic) =>
        new LandbridgeError(
          'NOT_IMPLEMENTED',
          messageOf(link, topic, diverged.get(topic), known.get(topic) ?? unknown),
        ),
      (topic) =>
        query.include_partition_level_truncation_data ? partitionsOf(known.get(topic) ?? unknown) : [],
    );
  },
});

/** Topics of the link's destination whose mirrors elsewhere were failed over: what they hold beyond those is what diverged. */
function failedOverFrom(runtime: Runtime, actor: Actor, link: CatalogLink): Map<string, Diverged> {
  const found = new Map<string, Diverged>();
  for (const other of new Visible(runtime.catalog, actor).links) {
    if (other.sourceClusterId !== link.destinationClusterId) continue;
    for (const { topic, sourceTopic, stopped } of other.mirrors.values())
      if (stopped?.how === 'FAILOVER')
        found.set(sourceTopic, { link: other, topic, operationId: stopped.operationId });
  }
  return found;
}

const unknown: Known = { statement: null, parting: null };

/** Read from both sides now; null where that can't be done, or not by this actor. */
async function partingOf(
  runtime: Runtime,
  actor: Actor,
  { link: { destination, name }, topic }: Diverged,
): Promise<PartingLook | null> {
  try {
    const path = { destination, name, topic };
    return (await runtime.failbacks.plan(actor, path, remakeOptions.parse({}))).parting;
  } catch (error) {
    if (isLandbridgeError(error)) return null;
    throw error;
  }
}

async function statementOf(
  runtime: Runtime,
  diverged: Diverged | undefined,
): Promise<OperationStatement | null> {
  if (!diverged) return null;
  return (await operationById(runtime.store.db, diverged.link.id, diverged.operationId))?.statement ?? null;
}

function messageOf(
  { destination, name }: CatalogLink,
  topic: string,
  diverged: Diverged | undefined,
  { statement, parting }: Known,
): string {
  const seen =
    diverged && statement
      ? `Its mirror on "${diverged.link.destination}" was failed over at ${new Date(statement.at).toISOString()}; ` +
        (statement.missing === null
          ? 'how many records that mirror lacks is not known. '
          : `${statement.missing} offsets were seen on "${destination}" that it lacks. `)
      : 'How many records diverge is not known. ';
  const told =
    parting?.records == null
      ? seen
      : `${parting.records} records of "${topic}" on "${destination}" are not in "${diverged?.topic}" on "${diverged?.link.destination}". `;
  const way = diverged
    ? `Fail it back instead, which saves what has diverged, deletes the topic there and mirrors it back: on the page of mirror "${diverged.topic}" of link "${diverged.link.name}" to "${diverged.link.destination}", or POST /api/links/${diverged.link.destination}/${diverged.link.name}/mirrors/${diverged.topic}/failback.`
    : `Save what only "${destination}" holds if it matters, and re-seed the topic: on the page of the mirror, or POST /api/links/${destination}/${name}/mirrors/${topic}/repair.`;
  return `Nothing was truncated: no client can cut off the tail of a topic. ${told}${way}`;
}

/** What would have to be cut off, as far as it was seen. */
function partitionsOf({ statement, parting }: Known): Row['partition_level_truncation_data'] {
  if (parting?.old)
    return parting.partitions.map(({ partition, parted, end, records }) => ({
      partition_id: partition,
      offset_truncated_to: BigInt(parted ?? end),
      messages_truncated: BigInt(records ?? 0),
    }));
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
