// Requests made from an OpenAPI document: most as the document allows, some hurt on purpose. Tests only.
import fc from 'fast-check';
import { arbitraryOf, type Hint, type JsonSchema } from './schema-arbitrary';

type Parameter = { name: string; in: 'path' | 'query'; required: boolean; schema: JsonSchema };
type Operation = {
  operationId: string;
  parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
};
export type OpenApi = { servers: { url: string }[]; paths: Record<string, Record<string, Operation>> };

export type FuzzRequest = {
  operationId: string;
  method: string;
  path: string;
  body: string | null;
  /** Sent as the document allows; nothing was hurt. */
  intact: boolean;
};

const HURT_SHARE = 5;

/** Values that parsers, queries and pages have stumbled over before. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    ' ',
    '\u0000',
    '../../etc/passwd',
    "' or 1=1 --",
    '<script>alert(1)</script>',
    '\u0024{HOME}',
    '__proto__',
    'constructor',
    '%00',
    '\ud800',
    '9223372036854775808',
    'a'.repeat(5_000),
    -1,
    0,
    1e308,
    2 ** 53,
    true,
    null,
    [],
    {},
    [[[[[[]]]]]],
    { __proto__: { role: 'administrator' } },
  ),
  fc.jsonValue(),
);

/** @param hint values that make sense for a name; @returns one request of each operation, in turn */
export function requestsOf(document: OpenApi, hint: Hint): fc.Arbitrary<FuzzRequest>[] {
  const base = document.servers[0]?.url ?? '';
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => requestOf(base + path, method, operation, hint)),
  );
}

function requestOf(
  path: string,
  method: string,
  operation: Operation,
  hint: Hint,
): fc.Arbitrary<FuzzRequest> {
  const parameters = fc.record(
    Object.fromEntries(
      operation.parameters.map((parameter) => [
        parameter.name,
        hint(parameter.name, []) ?? arbitraryOf(parameter.schema, hint),
      ]),
    ),
    { requiredKeys: operation.parameters.filter((p) => p.required).map((p) => p.name) },
  );
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body = schema ? arbitraryOf(schema, hint) : fc.constant(undefined);
  const hurt = fc.nat({ max: HURT_SHARE - 1 }).map((n) => n === 0);
  return fc.tuple(parameters, body, hurt, hostile, fc.nat()).map(([given, value, hurting, evil, where]) => {
    const values = given as Record<string, unknown>;
    const places = [...operation.parameters.map(({ name }) => name), ...(schema ? ['body'] : [])];
    const place = hurting ? places[where % Math.max(places.length, 1)] : undefined;
    const valueFor = (name: string) => (place === name ? evil : values[name]);
    return {
      operationId: operation.operationId,
      method: method.toUpperCase(),
      path: fillIn(path, operation.parameters, valueFor),
      body: schema ? bodyText(place === 'body' ? hurtBody(value, evil, where) : value, place, where) : null,
      intact: place === undefined,
    };
  });
}

function fillIn(path: string, parameters: Parameter[], valueFor: (name: string) => unknown): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(valueFor(name)));
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && valueFor(parameter.name) !== undefined)
    .map(({ name }) => `${name}=${encoded(valueFor(name))}`);
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled;
}

/** A lone surrogate cannot stand in an address. */
function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
}

/** One property is replaced, or the whole value. */
function hurtBody(value: unknown, evil: unknown, where: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return evil;
  const keys = Object.keys(value);
  const key = keys[where % Math.max(keys.length, 1)];
  return key === undefined ? evil : { ...value, [key]: evil };
}

function bodyText(value: unknown, place: string | undefined, where: number): string {
  const text = JSON.stringify(value) ?? '';
  return place === 'body' && where % 7 === 0 ? text.slice(0, where % (text.length + 1)) : text;
}
