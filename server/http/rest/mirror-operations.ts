// mirrors:pause and mirrors:resume, one row per topic.
import { restAlteredMirrors, restAlterMirrors } from '@/lib/contracts/kafka-rest';
import { authorise } from '@/server/access/authorise';
import { linkTarget } from '@/server/control/visible';
import { restRoute } from './dialect';
import { linkParams, requireLink, validateOnly } from './find';
import { alteredMirrors, chosenBy, errorOfRow } from './mirror-rows';

export const pauseRestMirrors = pausing(true);
export const resumeRestMirrors = pausing(false);

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
      const { mirrors } = await runtime.mirrors.setManyPaused(
        actor,
        { destination, name },
        { paused, topics: chosenBy(link, body) },
        query.validate_only,
      );
      const errors = new Map(mirrors.map((row) => [row.topic, errorOfRow(row)]));
      return alteredMirrors(runtime, link, baseUrl, [...errors.keys()], (topic) => errors.get(topic) ?? null);
    },
  });
}
