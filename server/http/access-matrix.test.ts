// All routes × all actors, as docs/access-matrix.md has it: each cell is tried, each allowed one with its effect. A route that is not written there fails.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as unknownRoute from '@/app/api/[[...path]]/route';
import * as authRoute from '@/app/api/auth/[...nextauth]/route';
import { modules } from '@/app/api/openapi.json/modules';
import * as openApiRoute from '@/app/api/openapi.json/route';
import * as healthRoute from '@/app/healthz/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import * as metricsRoute from '@/app/metrics/route';
import * as readyRoute from '@/app/readyz/route';
import { columns, type MatrixActor } from '@/server/testing/access-actors';
import type { Answer, Case } from '@/server/testing/access-cases';
import { healthCases } from '@/server/testing/access-cases-health';
import { linkCases } from '@/server/testing/access-cases-links';
import { peopleCases } from '@/server/testing/access-cases-people';
import { restCases } from '@/server/testing/access-cases-rest';
import { AccessWorld } from '@/server/testing/access-world';
import { type Call, callRoute, requestOf } from '@/server/testing/test-server';
import { type MethodName, methodNames } from './methods';
import { restRoutes } from './rest/router';

type Letter = 'Y' | 'F' | 'N' | 'B' | 'U';
type Row = { route: string; cells: string[] };

const cases: Record<string, Case> = { ...healthCases, ...linkCases, ...peopleCases, ...restCases };

/** What the list of /api leaves out, by the address in the matrix. */
const others: Record<string, (typeof modules)[string]> = {
  '/api/{unknown}': unknownRoute,
  // next-auth's own protocol, tested in auth/; here it stands for being open to all.
  '/api/auth/{nextauth}': {
    GET: (request) => authRoute.GET(request, { params: Promise.resolve({ nextauth: ['csrf'] }) }),
  },
  '/api/openapi.json': openApiRoute,
  '/healthz': healthRoute,
  '/metrics': metricsRoute,
  '/readyz': readyRoute,
};

const rows = readFileSync(join(process.cwd(), 'docs/access-matrix.md'), 'utf8')
  .split('\n')
  .flatMap((line): Row[] => {
    const [, route, ...cells] = line.split('|').map((cell) => cell.trim());
    const named = /^`([A-Z]+ \/.*)`$/.exec(route ?? '')?.[1];
    return named ? [{ route: named, cells: cells.slice(0, columns.length) }] : [];
  });

let world: AccessWorld;
beforeAll(async () => {
  world = await AccessWorld.start();
});
afterAll(() => world.server.close());

describe('the access matrix', () => {
  it('has every method of every route file, each with a case', () => {
    const wanted = [
      ...Object.entries(modules).flatMap(([path, module]) => described(`/api${path}`, module)),
      ...Object.entries(others).flatMap(([path, module]) => described(path, module)),
      ...restRoutes.flatMap(([path, own]) => described(`/kafka/v3${path}`, own)),
    ];
    expect(rows.map(({ route }) => route).toSorted()).toEqual(wanted.toSorted());
    expect(Object.keys(cases).toSorted()).toEqual(wanted.toSorted());
  });

  it('knows every route file of the application', () => {
    const known = [...Object.keys(modules).map((path) => `/api${path}`), ...Object.keys(others)];
    const files = readdirSync(join(process.cwd(), 'app'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(^|\/)route\.tsx?$/.test(file) && !file.startsWith('kafka/'))
      .map((file) => `/${file.replace(/\/route\.tsx?$/, '')}`)
      .map((path) => path.replace('[[...path]]', '{unknown}').replace('[...nextauth]', '{nextauth}'))
      .map((path) => path.replace(/\[([^\]]+)\]/g, '{$1}'));
    expect(files.toSorted()).toEqual(known.toSorted());
  });

  it.each(rows)('$route does for each actor what is written', async ({ route, cells }) => {
    const wrong: string[] = [];
    // Wrong keys of the row before must not make this row's wait.
    await world.server.runtime.store.db.deleteFrom('signInFailure').execute();
    for (const actor of world.actors) {
      const letter = letterOf(cells, actor);
      // The engine of the test says only what it is told to; a silent one would refuse everything.
      world.server.engine.say({ type: 'heartbeat', at: Date.now() });
      world.server.monitoring.beat();
      const complaint = await tryCell(route, actor, letter);
      if (complaint) wrong.push(`${actor.label}: ${complaint}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** Methods that are there for themselves, not to answer 405. */
function described(path: string, module: object): string[] {
  const methods = Object.entries(module).filter(([name]) => methodNames.some((method) => method === name));
  const own = methods.filter(([, handler]) => 'definition' in handler);
  // next-auth's and the unknown address's handlers are one function for all methods.
  return own.length > 0 ? own.map(([method]) => `${method} ${path}`) : [`GET ${path}`];
}

function letterOf(cells: readonly string[], actor: MatrixActor): Letter {
  const letter = cells[columns.indexOf(actor.column)]?.[actor.letter];
  const known = (['Y', 'F', 'N', 'B', 'U'] as const).find((each) => each === letter);
  if (known) return known;
  throw new Error(`The matrix has no letter for ${actor.label}`);
}

/** @returns what is wrong, or null */
async function tryCell(route: string, actor: MatrixActor, letter: Letter): Promise<string | null> {
  const [method = '', path = ''] = route.split(' ');
  const call = await cases[route]!(world, actor);
  const changes = method !== 'GET';
  const before = changes && letter !== 'Y' ? await world.fingerprint() : null;
  const answer = await send(method, path, call, actor);
  try {
    if (letter === 'Y') {
      const right = call.status ? answer.status === call.status : answer.status >= 200 && answer.status < 300;
      if (!right) return `${answer.status} ${answer.text}, where it is allowed`;
      await call.effect(answer);
      return null;
    }
    if (!isRefusal(letter, answer)) return `${answer.status} ${answer.text}, where ${letter} is written`;
    return before !== null && (await world.fingerprint()) !== before
      ? 'refused, but something has changed'
      : null;
  } catch (error) {
    return `allowed, but without its effect: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    if (changes) await (letter === 'Y' ? world.restore() : world.restoreAfterRefusal());
  }
}

const refusals: Record<Exclude<Letter, 'Y'>, { status: number; codes: (string | number)[] }> = {
  U: { status: 401, codes: ['UNAUTHENTICATED', 40101] },
  F: { status: 403, codes: ['FORBIDDEN', 40301] },
  N: {
    status: 404,
    codes: ['NOT_FOUND', 'CLUSTER_NOT_FOUND', 'LINK_NOT_FOUND', 'APPROVAL_NOT_FOUND', 404],
  },
  B: { status: 400, codes: [400] },
};

function isRefusal(letter: Exclude<Letter, 'Y'>, { status, json }: Answer): boolean {
  const expected = refusals[letter];
  return status === expected.status && expected.codes.includes(json?.code ?? json?.error_code);
}

let addresses = 0;

/** Each request comes from an address of its own: refusals are counted by address, and this is not about them. */
function send(
  method: string,
  path: string,
  { params = {}, query = '', body }: Awaited<ReturnType<Case>>,
  actor: MatrixActor,
): Promise<Answer> {
  const host = '127.0.0.1:3000';
  const number = ++addresses;
  const call: Call = {
    method,
    body,
    params,
    as: actor.as,
    headers: {
      host,
      origin: `http://${host}`,
      'x-forwarded-for': `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
    },
  };
  const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => String(params[name] ?? name));
  if (path.startsWith('/kafka/')) {
    return callRoute(() => rest.GET(requestOf(`${filled}${query}`, call)), filled, call);
  }
  const module = others[path] ?? modules[path.slice('/api'.length)];
  const handler = Object.entries(module ?? {}).find(([name]) => name === (method as MethodName))?.[1];
  if (!handler) throw new Error(`No handler for ${method} ${path}`);
  return callRoute(handler, `${filled}${query}`, call);
}
