// Addresses of links and mirrors, in the console and in its API.
import { apiPath } from '@/components/shell/api-client';

export const linkHref = (destination: string, name: string): string =>
  `/links/${encodeURIComponent(destination)}/${encodeURIComponent(name)}`;

export const mirrorHref = (destination: string, name: string, topic: string): string =>
  `${linkHref(destination, name)}/mirrors/${encodeURIComponent(topic)}`;

export const clusterHref = (name: string): string => `/clusters/${encodeURIComponent(name)}`;

export const linkApi = (destination: string, name: string): string => apiPath('links', destination, name);

export const mirrorApi = (destination: string, name: string, topic: string): string =>
  `${linkApi(destination, name)}/mirrors/${encodeURIComponent(topic)}`;
