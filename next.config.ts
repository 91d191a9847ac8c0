// Next builds the console and the REST API into one standalone server; native packages stay outside the bundle.
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** Said outright: with a lock file in a folder above, Next would take that folder for the project's root. */
const root = fileURLToPath(new URL('.', import.meta.url));

/** `npm test` has checked all types just before, and builds once: the same result for half of the work. */
const lean = process.env.LANDBRIDGE_LEAN_BUILD === '1';

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  outputFileTracingIncludes: { '/manual/**': ['./docs/permissions.md', './docs/clusters.md'] },
  turbopack: { root },
  typescript: { ignoreBuildErrors: lean },
  experimental: { turbopackFileSystemCacheForBuild: !lean },
  poweredByHeader: false,
  // Nothing uses it, and it would fetch this server's own addresses for whoever asks.
  images: { unoptimized: true },
  reactStrictMode: true,
  serverExternalPackages: ['@node-rs/crc32', 'lz4-napi', 'snappy', '@bokuweb/zstd-wasm', 'kafkajs', 'libsql'],
};

export default config;
