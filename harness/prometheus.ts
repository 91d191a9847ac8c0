// A real Prometheus that scrapes one address every second, and is asked by its query API. Ends with this process.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { findPrometheus } from '@/scripts/lib/prometheus.mjs';
import { GuardedProcess, temporaryDir } from './guarded-process';
import { freePorts } from './ports';
import { waitFor } from './wait-for';

export type Scraped = { labels: Record<string, string>; value: string };

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

export type Prometheus = {
  /**
   * @param expression PromQL, answered as an instant vector
   * @throws with what Prometheus says, when it does not take the expression
   */
  query(expression: string): Promise<Scraped[]>;
  stop(): Promise<void>;
};

/** @param target host:port, read at /metrics with HTTP Basic */
export async function startPrometheus(
  target: string,
  auth: { username: string; password: string },
): Promise<Prometheus> {
  const command = findPrometheus(process.cwd());
  if (!command)
    throw new Error('There is no Prometheus here: npm test brings one, or set LANDBRIDGE_PROMETHEUS.');
  const dir = temporaryDir('landbridge-prometheus-');
  const [port] = await freePorts(1);
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [{ job_name: 'landbridge', basic_auth: auth, static_configs: [{ targets: [target] }] }],
  };
  // JSON is YAML.
  writeFileSync(join(dir.path, 'prometheus.yml'), JSON.stringify(config), { mode: 0o600 });
  const listen = `127.0.0.1:${port}`;
  const started = await GuardedProcess.start({
    command,
    args: [
      `--config.file=${join(dir.path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir.path, 'data')}`,
      `--web.listen-address=${listen}`,
    ],
    outputFile: join(dir.path, 'output'),
    orphanGraceSeconds: 0,
  });
  const ready = () =>
    fetch(`http://${listen}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitFor('Prometheus to be ready', ready);
  return {
    async query(expression) {
      const response = await fetch(`http://${listen}/api/v1/query?query=${encodeURIComponent(expression)}`);
      if (!response.ok) throw new Error(`${expression}: ${await response.text()}`);
      const { data } = answer.parse(await response.json());
      return data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] }));
    },
    async stop() {
      started.signal('SIGTERM');
      if (!(await started.waitForExit(10_000))) started.signal('SIGKILL');
      await dir.remove();
    },
  };
}
