// A real OpenTelemetry Collector that takes OTLP over HTTP and writes what came into a file. Ends with this process.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOtelCollector } from '@/scripts/lib/otel-collector.mjs';
import { GuardedProcess, temporaryDir } from './guarded-process';
import { freePorts, isPortFree } from './ports';
import { waitFor } from './wait-for';

export type OtelCollector = {
  /** Where metrics are POSTed to. */
  url: string;
  /** What it has written: one ExportMetricsServiceRequest in protobuf's JSON form for each request, oldest first. */
  written(): unknown[];
  stop(): Promise<void>;
};

/** PEM. `clientCa`: only who shows a certificate of it may send. */
export type CollectorTls = { cert: string; key: string; clientCa: string };

export async function startOtelCollector(tls: CollectorTls | null = null): Promise<OtelCollector> {
  const command = findOtelCollector(process.cwd());
  if (!command)
    throw new Error(
      'There is no OpenTelemetry Collector here: npm run test:full builds one, or set LANDBRIDGE_OTEL_COLLECTOR.',
    );
  const dir = temporaryDir('landbridge-otel-collector-');
  const fileOf = (name: string, text: string) => {
    const path = join(dir.path, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const [port = 0] = await freePorts(1);
  const output = join(dir.path, 'metrics.jsonl');
  const secured = tls && {
    cert_file: fileOf('cert.pem', tls.cert),
    key_file: fileOf('key.pem', tls.key),
    client_ca_file: fileOf('client-ca.pem', tls.clientCa),
  };
  const config = {
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}`, ...(secured ? { tls: secured } : {}) } } },
    },
    exporters: { file: { path: output, flush_interval: '100ms' } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { metrics: { receivers: ['otlp'], exporters: ['file'] } },
    },
  };
  const log = join(dir.path, 'output');
  const started = await GuardedProcess.start({
    command,
    // JSON is YAML.
    args: [`--config=file:${fileOf('config.yaml', JSON.stringify(config))}`],
    outputFile: log,
    orphanGraceSeconds: 0,
  });
  await waitFor('the Collector to listen', async () => {
    if (!started.running) throw new Error(`The Collector ended: ${readFileSync(log, 'utf8')}`);
    return !(await isPortFree(port));
  });
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}/v1/metrics`,
    written() {
      const lines = existsSync(output) ? readFileSync(output, 'utf8').split('\n') : [];
      // Behind the last line break stands what is not written whole yet.
      return lines.slice(0, -1).map((line) => JSON.parse(line));
    },
    async stop() {
      started.signal('SIGTERM');
      if (!(await started.waitForExit(10_000))) started.signal('SIGKILL');
      await dir.remove();
    },
  };
}
