// For tests: a hub with two consoles, "west" with an alert and "north" without, and actors of every kind.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { POST as postReports } from '@/app/api/health-reports/route';
import { POST as postSenders } from '@/app/api/hub/senders/route';
import { type Role, roles } from '@/lib/contracts/access';
import { everywhere, signedIn } from './actors';
import { type Credentials, callRoute, startTestServer, type TestServer } from './test-server';

export type HubActor = { column: string; letter: number; label: string; as: Credentials | null };
const system = { kind: 'system' } as const;
const minute = 60_000;

export class HubWorld {
  readonly server: TestServer;
  readonly #ids = new Map<string, string>();
  readonly #keys = new Map<string, { id: string; as: Credentials }>();
  actors: HubActor[] = [];

  private constructor(server: TestServer) {
    this.server = server;
  }

  static async start(): Promise<HubWorld> {
    const world = new HubWorld(
      await startTestServer({ monitoring: { mode: 'hub', report: null, otlp: null, dashboardUrl: null } }),
    );
    await world.ensure();
    const none = await signedIn(world.server, 'no-role', []);
    const on = (console: string) => (role: Role) => ({ role, scope: { kind: 'console' as const, console } });
    const columns = { everywhere, west: on('west'), north: on('north') };
    const people: HubActor[] = [];
    for (const [column, grantOf] of Object.entries(columns))
      for (const [letter, role] of roles.entries()) {
        if (role === 'administrator' && column !== 'everywhere') continue;
        const { as } = await signedIn(world.server, `${role}-${column}`, [grantOf(role)]);
        people.push({ column, letter, label: `${role} ${column}`, as });
      }
    world.actors = [
      { column: 'nobody', letter: 0, label: 'nobody', as: null },
      { column: 'key', letter: 0, label: 'key of west', as: null },
      { column: 'no role', letter: 0, label: 'no role', as: none.as },
      ...people,
    ];
    return world;
  }

  /** Both consoles with a key each, and the alert of "west" unacknowledged or not. */
  async ensure(): Promise<void> {
    const { senders } = this.server.runtime.hub!;
    for (const name of ['west', 'north']) {
      if (senders.consoles.some((one) => one.name === name && one.active)) continue;
      const { json } = await callRoute(postSenders, '/api/hub/senders', {
        ...{ method: 'POST', body: { console: name } },
      });
      this.#keys.set(name, { id: json.sender.id, as: { authorization: `Bearer ${json.token}` } });
    }
    if ((await this.alertId()) !== null) return;
    for (const ago of [170_000, 120_000, 60_000]) await this.report('west', 0, ago);
    await this.report('north', 1, 1_000);
  }

  keyOf(console: string): { id: string; as: Credentials } {
    return this.#keys.get(console)!;
  }

  async alertId(): Promise<string | null> {
    const { alerts } = await this.server.runtime.alerts.list(system, { rule: 'cluster.unreachable' });
    return alerts[0]?.id ?? null;
  }

  body(name: string, reachable: 0 | 1, agoMs: number) {
    const id = this.#ids.get(name) ?? randomUUID();
    this.#ids.set(name, id);
    return {
      version: 1,
      id: randomUUID(),
      console: { id, name: `${name} itself`, version: '1', mode: 'reduced' },
      at: Date.now() - agoMs,
      ...{ intervalMs: minute, dropped: 0, refused: 0, whole: [`cluster/${name}-a`] },
      series: [
        { metric: 'landbridge_cluster_reachable', labels: { cluster: `${name}-a` }, values: [reachable] },
      ],
    };
  }

  async report(name: string, reachable: 0 | 1, agoMs: number): Promise<{ status: number; text: string }> {
    const body = this.body(name, reachable, agoMs);
    return this.send(this.keyOf(name).as, body);
  }

  /** As a program sends it: no origin. */
  async send(as: Credentials | null, report: object): Promise<{ status: number; text: string }> {
    const request = new Request('http://127.0.0.1:3000/api/health-reports', {
      method: 'POST',
      headers: { host: '127.0.0.1:3000', 'content-encoding': 'gzip', ...as },
      body: new Uint8Array(gzipSync(JSON.stringify(report))),
    });
    const answer = await postReports(request, { params: Promise.resolve({}) });
    return { status: answer.status, text: await answer.text() };
  }

  /** Of all that a refused request could have changed. */
  async fingerprint(): Promise<string> {
    const { runtime } = this.server;
    const { alerts } = await runtime.alerts.list(system, {});
    const senders = await runtime.hub!.senders.list(system);
    const keys = senders.map(({ id, console, revokedAt }) => ({ id, console, revokedAt }));
    const { acknowledged } = alerts.find(({ rule }) => rule === 'cluster.unreachable') ?? {};
    return JSON.stringify([runtime.healthSettings.told, keys, acknowledged]);
  }
}
