// Every route file of /api, by its address; a test compares this list with the folders. Only the OpenAPI document reads it.
import type { RouteHandler } from '@/server/http/define-route';
import type { MethodName } from '@/server/http/methods';
import * as clusterProbe from '../clusters/[name]/probe/route';
import * as cluster from '../clusters/[name]/route';
import * as clusterTopics from '../clusters/[name]/topics/route';
import * as clusters from '../clusters/route';
import * as clustersTest from '../clusters/test/route';
import * as mirrorPause from '../links/[destination]/[name]/mirrors/[topic]/pause/route';
import * as mirrorResume from '../links/[destination]/[name]/mirrors/[topic]/resume/route';
import * as mirror from '../links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrors from '../links/[destination]/[name]/mirrors/route';
import * as link from '../links/[destination]/[name]/route';
import * as linksCheck from '../links/check/route';
import * as linksPreview from '../links/preview/route';
import * as links from '../links/route';
import * as meta from '../meta/route';

export type RouteModule = Partial<Record<MethodName, RouteHandler>>;

export const modules: Readonly<Record<string, RouteModule>> = {
  '/clusters': clusters,
  '/clusters/test': clustersTest,
  '/clusters/{name}': cluster,
  '/clusters/{name}/probe': clusterProbe,
  '/clusters/{name}/topics': clusterTopics,
  '/links': links,
  '/links/check': linksCheck,
  '/links/preview': linksPreview,
  '/links/{destination}/{name}': link,
  '/links/{destination}/{name}/mirrors': mirrors,
  '/links/{destination}/{name}/mirrors/{topic}': mirror,
  '/links/{destination}/{name}/mirrors/{topic}/pause': mirrorPause,
  '/links/{destination}/{name}/mirrors/{topic}/resume': mirrorResume,
  '/meta': meta,
};
