// mirrors:promote, mirrors:failover and the two of a reverse, one row per topic. The words of the request and of the answer are Confluent's; what is done is control/operations.ts.
import { restAlteredMirrors, restAlterMirrors } from '@/lib/contracts/kafka-rest';
import { type OperationKind, operationOptions } from '@/lib/contracts/operation';
import { authorise } from '@/server/access/authorise';
import { linkTarget } from '@/server/control/visible';
import { restRoute } from './dialect';
import { linkParams, requireLink, validateOnly } from './find';
import { alteredMirrors, chosenBy, errorOfRow } from './mirror-rows';

export const promoteRestMirrors = ending('PROMOTE', 'mirrors:promote');
export const failoverRestMirrors = ending('FAILOVER', 'mirrors:failover');
export const reverseRestMirrors = ending('REVERSE', 'mirrors:reverse-and-start-mirror');
export const reverseAndPauseRestMirrors = ending('REVERSE', 'mirrors:reverse-and-pause-mirror', {
  pauseBack: true,
});

function ending(kind: OperationKind, verb: string, options: { pauseBack?: boolean } = {}) {
  return restRoute({
    access: 'approver',
    params: linkParams,
    query: validateOnly,
    body: restAlterMirrors,
    response: restAlteredMirrors,
    handler: async ({ runtime, actor, baseUrl, params, query, body }) => {
      const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
      authorise(actor, 'approver', linkTarget(link));
      const { destination, name } = link;
      const request = {
        ...{ kind, topics: chosenBy(link, body), options: operationOptions.parse(options) },
        // The API has no field for it.
        reason: `Asked for by ${verb} of the REST API.`,
      };
      const start = (only: boolean) => runtime.operations.start(actor, { destination, name }, request, only);
      // One mirror that cannot be stopped keeps the others from nothing: its row says why.
      const dry = await start(true);
      const some = dry.plans.some(({ ok }) => ok);
      const { plans } = query.validate_only || !some ? dry : await start(false);
      const errors = new Map(plans.map((plan) => [plan.topic, errorOfRow(plan)]));
      return alteredMirrors(runtime, link, baseUrl, [...errors.keys()], (topic) => errors.get(topic) ?? null);
    },
  });
}
