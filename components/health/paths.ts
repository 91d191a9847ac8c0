// Addresses of Health, in the console and in its API, and of the things that alerts are about.
import { consoleHref } from '@/components/hub/paths';
import { clusterHref, linkHref, mirrorHref } from '@/components/links/paths';
import { apiPath } from '@/components/shell/api-client';

export const healthHref = '/health';
export const historyHref = '/health?status=CLEARED';
export const rulesHref = '/health/rules';
export const silencesHref = '/health/silences';
export const channelsHref = '/health/channels';
export const deliveriesHref = '/health/deliveries';

export const alertHref = (id: string): string => `${healthHref}/alerts/${encodeURIComponent(id)}`;
/** @param console on a hub, as it stands at that one */
export const ruleHref = (id: string, console?: string): string =>
  `${rulesHref}/${encodeURIComponent(id)}${console === undefined ? '' : `?console=${encodeURIComponent(console)}`}`;

export const healthApi = (...parts: string[]): string => apiPath('health', ...parts);

export type Labels = Readonly<Record<string, string>>;
export type Thing = { word: string; name: string; href: string | null };

const below = (cluster: string, part: string, name: string): string =>
  `${clusterHref(cluster)}/${part}/${encodeURIComponent(name)}`;

/** What labels name, the narrowest thing first, each with its page. Labels of no thing are left out. On a hub only its console has a page. */
export function thingsOf(labels: Labels): Thing[] {
  const { console } = labels;
  if (!console) return ownThingsOf(labels);
  const things = ownThingsOf(labels).map((thing) => ({ ...thing, href: null }));
  return [...things, { word: 'console', name: console, href: consoleHref(console) }];
}

function ownThingsOf(labels: Labels): Thing[] {
  const { cluster, broker, topic, partition, group, link, source, destination } = labels;
  const things: Thing[] = [];
  const add = (word: string, name: string | undefined, href: string | null) => {
    if (name) things.push({ word, name, href });
  };
  if (partition !== undefined) add('partition', partition, null);
  if (link !== undefined && destination !== undefined) {
    add('mirror', topic, topic === undefined ? null : mirrorHref(destination, link, topic));
    add('link', link, linkHref(destination, link));
    add('from', source, source === undefined ? null : clusterHref(source));
    add('to', destination, clusterHref(destination));
    return things;
  }
  if (cluster !== undefined) {
    add('broker', broker, broker === undefined ? null : below(cluster, 'brokers', broker));
    add('group', group, hrefOfGroup(cluster, group));
    add('topic', topic, topic === undefined ? null : below(cluster, 'topics', topic));
    add('cluster', cluster, clusterHref(cluster));
  }
  return things;
}

/** A browser takes such a segment for a folder, or for none: the group has no address. */
const hrefOfGroup = (cluster: string, group: string | undefined): string | null =>
  group === undefined || group === '' || group === '.' || group === '..'
    ? null
    : below(cluster, 'groups', group);

const named = new Set([
  'console',
  'cluster',
  'broker',
  'topic',
  'partition',
  'group',
  'link',
  'source',
  'destination',
]);

/** Labels that name no thing with a page: a task, a directory, a channel. */
export const otherLabels = (labels: Labels): [string, string][] =>
  Object.entries(labels).filter(([name, value]) => !named.has(name) && value !== '');
