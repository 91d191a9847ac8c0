// mirrors:pause and mirrors:resume, one row per topic; the verbs of Confluent's API that are not there say what to do instead.
import { restAlteredMirrors, restAlterMirrors } from '@/lib/contracts/kafka-rest';
import { authorise } from '@/server/access/authorise';
import type { CatalogLink } from '@/server/control/catalog';
import { requireMirroring } from '@/server/control/operation-plan';
import { linkTarget } from '@/server/control/visible';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import { restRoute } from './dialect';
import { linkParams, requireLink, validateOnly } from './find';
import { alteredMirrors, chosenBy } from './mirror-rows';

export const pauseRestMirrors = pausing(true);
export const resumeRestMirrors = pausing(false);

/** @param why what is missing and what can be done instead */
export const notThere = (verb: string, why: string) =>
  restRoute({
    access: 'approver',
    params: linkParams,
    response: null,
    handler: ({ runtime, actor, params }) => {
      const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
      authorise(actor, 'approver', linkTarget(link));
      throw new LandbridgeError('NOT_IMPLEMENTED', `mirrors:${verb} is not available: ${why}`);
    },
  });

function pausing(paused: boolean) {
  return restRoute({
    access: 'operator',
    params: linkParams,
    query: validateOnly,
    body: restAlterMirrors,
    response: restAlteredMirrors,
    handler: async ({ runtime, actor, baseUrl, params, query, body }) => {
      const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
      authorise(actor, 'operator', linkTarget(link));
      const { destination, name } = link;
      const errors = new Map(chosenBy(link, body).map((topic) => [topic, whyNot(link, topic)]));
      const possible = [...errors].flatMap(([topic, error]) => (error ? [] : [topic]));
      await runtime.mirrors.setPaused(actor, { destination, name }, possible, paused, query.validate_only);
      return alteredMirrors(runtime, link, baseUrl, [...errors.keys()], (topic) => errors.get(topic) ?? null);
    },
  });
}

function whyNot(link: CatalogLink, topic: string): LandbridgeError | null {
  const mirror = link.mirrors.get(topic);
  if (!mirror)
    return new LandbridgeError('MIRROR_NOT_FOUND', `Link "${link.name}" has no mirror topic "${topic}".`);
  try {
    requireMirroring(mirror);
    return null;
  } catch (error) {
    if (isLandbridgeError(error)) return error;
    throw error;
  }
}
