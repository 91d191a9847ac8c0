// Finds the Prometheus that reads /metrics in a test: LANDBRIDGE_PROMETHEUS, what `npm test` has unpacked, or PATH.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const prometheusFolder = '.cache/prometheus';

/** @returns the path of an executable, or null */
export function findPrometheus(root) {
  const chosen = process.env.LANDBRIDGE_PROMETHEUS;
  if (chosen) return existsSync(chosen) ? chosen : null;
  const folders = (process.env.PATH ?? '').split(':').filter(Boolean);
  const candidates = [join(root, prometheusFolder, 'usr/bin'), ...folders].map((dir) =>
    join(dir, 'prometheus'),
  );
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** Debian's package is unpacked into the cache: no service is set up. */
export const canUnpackPrometheus = () =>
  process.platform === 'linux' &&
  !spawnSync('apt-get', ['--version']).error &&
  !spawnSync('dpkg-deb', ['--version']).error;

export const unpackPrometheusCommand = `
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get download prometheus || { apt-get update -q && apt-get download prometheus; }
dpkg-deb -x prometheus_*.deb unpacked
mkdir -p "$OLDPWD/${prometheusFolder}/usr/bin"
mv unpacked/usr/bin/prometheus "$OLDPWD/${prometheusFolder}/usr/bin/"
`;
