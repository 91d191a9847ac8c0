// Addresses of promotes, failovers and reverses, in the console and in its API.
import { linkApi, linkHref, mirrorHref } from '@/components/links/paths';
import type { OperationKind } from '@/lib/contracts/operation';

export const operationsHref = (destination: string, link: string): string =>
  `${linkHref(destination, link)}?view=operations`;

export const operationHref = (destination: string, link: string, id: string): string =>
  `${linkHref(destination, link)}/operations/${encodeURIComponent(id)}`;

/** Mirrors that were asked for together. */
export const groupHref = (destination: string, link: string, group: string): string =>
  `${linkHref(destination, link)}/operations/together/${encodeURIComponent(group)}`;

export const startHref = (destination: string, link: string, kind: OperationKind): string =>
  `${linkHref(destination, link)}/${kind.toLowerCase()}`;

/** Of a mirror that was failed over. */
export const failbackHref = (destination: string, link: string, topic: string): string =>
  `${mirrorHref(destination, link, topic)}/failback`;

export const auditHref = (auditOperationId: string): string =>
  `/settings/audit?entry=${encodeURIComponent(auditOperationId)}`;

export const operationsApi = (destination: string, link: string): string =>
  `${linkApi(destination, link)}/operations`;

export const operationApi = (destination: string, link: string, id: string): string =>
  `${operationsApi(destination, link)}/${encodeURIComponent(id)}`;

export const statementHref = (
  destination: string,
  link: string,
  id: string,
  format: 'json' | 'csv',
): string => `${operationApi(destination, link, id)}/statement?format=${format}`;
