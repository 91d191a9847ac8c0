// Next builds the console and the REST API into one standalone server; native packages stay outside the bundle.
import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['@node-rs/crc32', 'lz4-napi', 'snappy', '@bokuweb/zstd-wasm', 'kafkajs', 'libsql'],
};

export default config;
