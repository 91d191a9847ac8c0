// Addresses of what is seen in a cluster, in the console and in its API.
import { clusterHref } from '@/components/links/paths';
import { apiPath } from '@/components/shell/api-client';

export const clusterParts = ['topics', 'groups', 'brokers', 'quorum'] as const;
export type ClusterPart = (typeof clusterParts)[number];
export const partWords: Record<ClusterPart, string> = {
  topics: 'Topics',
  groups: 'Consumer groups',
  brokers: 'Brokers',
  quorum: 'Quorum',
};

export const partHref = (cluster: string, part: ClusterPart): string => `${clusterHref(cluster)}/${part}`;
export const topicHref = (cluster: string, topic: string): string =>
  `${partHref(cluster, 'topics')}/${encodeURIComponent(topic)}`;
export const brokerHref = (cluster: string, id: number): string => `${partHref(cluster, 'brokers')}/${id}`;

/** Null: a browser takes such a segment for a folder, or for none, so that the group has no address. */
export const groupHref = (cluster: string, group: string): string | null =>
  group === '' || group === '.' || group === '..'
    ? null
    : `${partHref(cluster, 'groups')}/${encodeURIComponent(group)}`;

export const observedApi = (cluster: string, ...parts: string[]): string =>
  apiPath('clusters', cluster, 'observed', ...parts);

/** Pages of the manual are part of the console. */
export const manualHref = (page: 'permissions' | 'clusters', anchor = ''): string =>
  `/manual/${page}${anchor && `#${anchor}`}`;
