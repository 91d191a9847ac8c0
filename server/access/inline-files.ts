/**
 * Once, at the first start with a key: earlier versions let the console name certificate files of this machine. What those files
 * hold is put in their place; afterwards no stored cluster refers to a file, and only landbridge.yaml may.
 */
import { readFileSync } from 'node:fs';
import type { StoredConfig } from './sealed-config';

const files = { caFile: 'ca', certFile: 'cert', keyFile: 'key' } as const;
const pem = /-----BEGIN [A-Z ]+-----[\s\S]+-----END [A-Z ]+-----/;

/** @returns null when it names no file; `lost` are files that could not be taken over */
export function inlineFiles(stored: StoredConfig): { config: StoredConfig; lost: string[] } | null {
  const config = structuredClone(stored);
  const tls = tlsOf(config);
  if (!tls || !Object.keys(files).some((field) => field in tls)) return null;
  const lost: string[] = [];
  for (const [field, inline] of Object.entries(files)) {
    const path = tls[field];
    delete tls[field];
    if (typeof path !== 'string') continue;
    const text = pemOf(path);
    if (text === null) lost.push(path);
    else tls[inline] = text;
  }
  // One without the other is no configuration.
  if (!tls.cert || !tls.key) {
    delete tls.cert;
    delete tls.key;
  }
  return { config, lost };
}

function tlsOf(config: StoredConfig): Record<string, unknown> | null {
  const { security } = config;
  if (typeof security !== 'object' || security === null || !('tls' in security)) return null;
  const { tls } = security;
  return typeof tls === 'object' && tls !== null ? (tls as Record<string, unknown>) : null;
}

/** Null for what cannot be read and for what is no PEM text: nothing else of this machine gets into the store. */
function pemOf(path: string): string | null {
  try {
    return pem.exec(readFileSync(/* turbopackIgnore: true */ path, 'utf8'))?.[0] ?? null;
  } catch {
    // The caller names the file in its warning.
    return null;
  }
}
