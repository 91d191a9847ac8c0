// What of a cluster's configuration may stand in the audit log: everything but its secrets, which are found by the contract's
// own list of where they can be, and shown only as being there and as having changed.
import { type ClusterConfig, secretPaths } from '@/lib/contracts/cluster';

const set = 'secret';
const changed = 'secret (changed)';

/** @param before the configuration as it was, null for a new cluster; `after` null for a removed one */
export function clusterChange(
  before: ClusterConfig | null,
  after: ClusterConfig | null,
): { before: object | null; after: object | null } {
  return {
    before: before && masked(before, () => set),
    after:
      after &&
      masked(after, (path, value) => (before === null || valueAt(before, path) === value ? set : changed)),
  };
}

type Path = (typeof secretPaths)[number];

function masked(config: ClusterConfig, word: (path: Path, value: unknown) => string): object {
  const copy = structuredClone(config);
  for (const path of secretPaths) {
    const parent = valueAt(copy, path.slice(0, -1));
    const name = path.at(-1);
    if (isRecord(parent) && name !== undefined && parent[name] !== undefined)
      parent[name] = word(path, parent[name]);
  }
  const { sasl } = copy.security;
  if (sasl?.mechanism === 'OAUTHBEARER') sasl.tokenEndpoint = withoutUserInfo(sasl.tokenEndpoint);
  return copy;
}

/** An address can carry a password of its own. */
function withoutUserInfo(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.toString();
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((so, key) => (isRecord(so) ? so[key] : undefined), value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
