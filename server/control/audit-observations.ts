// After a crash: what can be seen of an operation whose end nobody recorded. Looks at the store only; brokers are asked by nobody here.
import type { AuditRow } from '@/server/store/audit';
import type { Catalog } from './catalog';

/** @returns null when there is nothing to look at */
export function observeIntent(catalog: Catalog, intent: AuditRow): string | null {
  if (intent.objectType === 'link' || intent.objectType === 'mirror') return observeLink(catalog, intent);
  if (intent.objectType === 'cluster' && intent.cluster !== null) {
    return catalog.findCluster(intent.cluster)
      ? `cluster "${intent.cluster}" is registered.`
      : `cluster "${intent.cluster}" is not registered.`;
  }
  return null;
}

function observeLink(catalog: Catalog, { link: name, destination, operation }: AuditRow): string | null {
  if (name === null || destination === null) return null;
  const link = catalog.links.find((one) => one.name === name && one.destination === destination);
  const scratch = operation.includes('scratch')
    ? ` A scratch topic of the check may have been left on "${destination}"; its name begins with "landbridge".`
    : '';
  if (!link) return `there is no link "${name}" to "${destination}".${scratch}`;
  const mirrors = [...link.mirrors.values()];
  const paused = mirrors.filter((mirror) => mirror.paused).length;
  return `link "${name}" to "${destination}" exists, with ${mirrors.length} mirror topics, ${paused} of them paused.${scratch}`;
}
