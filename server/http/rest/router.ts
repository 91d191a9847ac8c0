// All addresses of /kafka/v3 in one table. What is not in it is answered in the API's own error shape.
import { LandbridgeError } from '@/server/errors';
import { answer } from '../define-route';
import { letIn, type MethodName } from '../methods';
import { getRestCluster, listRestClusters } from './clusters';
import { type DescribedRestHandler, restDialect } from './dialect';
import {
  alterRestLinkConfigs,
  getRestLinkConfig,
  listRestLinkConfigs,
  resetRestLinkConfig,
  setRestLinkConfig,
} from './link-configs';
import { createRestLink, deleteRestLink, getRestLink, listRestLinks } from './links';
import { matchPath } from './match';
import {
  failoverRestMirrors,
  promoteRestMirrors,
  reverseAndPauseRestMirrors,
  reverseRestMirrors,
} from './mirror-endings';
import { pauseRestMirrors, resumeRestMirrors } from './mirror-operations';
import { createRestMirror, getRestMirror, listAllRestMirrors, listRestMirrors } from './mirrors';
import { getRestOpenApi } from './openapi';
import { truncateRestMirrors } from './truncate';

type RestMethods = Partial<Record<MethodName, DescribedRestHandler>>;

const cluster = '/clusters/{cluster_id}';
const link = `${cluster}/links/{link_name}`;

/** Below /kafka/v3. */
export const restRoutes: readonly (readonly [string, RestMethods])[] = [
  ['/openapi.json', { GET: getRestOpenApi(() => restRoutes) }],
  ['/clusters', { GET: listRestClusters }],
  [cluster, { GET: getRestCluster }],
  [`${cluster}/links`, { GET: listRestLinks, POST: createRestLink }],
  [`${cluster}/links/-/mirrors`, { GET: listAllRestMirrors }],
  [link, { GET: getRestLink, DELETE: deleteRestLink }],
  [`${link}/configs`, { GET: listRestLinkConfigs }],
  [`${link}/configs:alter`, { PUT: alterRestLinkConfigs }],
  [
    `${link}/configs/{config_name}`,
    { GET: getRestLinkConfig, PUT: setRestLinkConfig, DELETE: resetRestLinkConfig },
  ],
  [`${link}/mirrors`, { GET: listRestMirrors, POST: createRestMirror }],
  [`${link}/mirrors/{mirror_topic_name}`, { GET: getRestMirror }],
  [`${link}/mirrors:pause`, { POST: pauseRestMirrors }],
  [`${link}/mirrors:resume`, { POST: resumeRestMirrors }],
  [`${link}/mirrors:promote`, { POST: promoteRestMirrors }],
  [`${link}/mirrors:failover`, { POST: failoverRestMirrors }],
  [`${link}/mirrors:reverse-and-start-mirror`, { POST: reverseRestMirrors }],
  [`${link}/mirrors:reverse-and-pause-mirror`, { POST: reverseAndPauseRestMirrors }],
  [`${link}/mirrors:truncate-and-restore`, { POST: truncateRestMirrors }],
];

const base = '/kafka/v3';

export function handleRest(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = pathname.slice(base.length).replace(/\/$/, '');
  const found = matchPath(path, restRoutes);
  if (!found) return refuse(request, 'NOT_FOUND', `There is nothing at ${pathname}. Check the address.`);
  const handler = methodOf(found.value, request.method);
  if (handler) return handler(request, found.params);
  const allowed = Object.keys(found.value).join(', ');
  return refuse(
    request,
    'METHOD_NOT_ALLOWED',
    `${pathname} takes ${allowed}, not ${request.method}.`,
    allowed,
  );
}

function methodOf(methods: RestMethods, name: string): DescribedRestHandler | undefined {
  return name === 'HEAD' ? methods.GET : Object.entries(methods).find(([own]) => own === name)?.[1];
}

async function refuse(
  request: Request,
  code: 'NOT_FOUND' | 'METHOD_NOT_ALLOWED',
  message: string,
  allowed?: string,
): Promise<Response> {
  const response = await answer(restDialect, request, async () => {
    await letIn(request, 'signedIn');
    throw new LandbridgeError(code, message);
  });
  if (allowed !== undefined && response.status === 405) response.headers.set('allow', allowed);
  return response;
}
