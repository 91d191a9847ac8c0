// Makes an OpenAPI 3.1 document from the routes' own contracts, so that it cannot say anything else than what is checked. Pure.
import { z } from 'zod';
import type { Described, RouteFacts } from '../define-route';
import { type MethodName, methodNames } from '../methods';

export type DescribedRoute = { path: string; method: MethodName; facts: RouteFacts };

export type DocumentOptions = {
  title: string;
  version: string;
  description: string;
  /** Where the paths begin, such as `/kafka/v3`. */
  server: string;
  /** Shape of every error of this API. */
  error: z.ZodType;
};

type Json = Record<string, unknown>;

export const openApiJson = z.record(z.string(), z.unknown());

/** Leaves out what only refuses a method. */
export function describedRoutes(
  table: Iterable<readonly [string, Partial<Record<MethodName, unknown>>]>,
): DescribedRoute[] {
  return [...table].flatMap(([path, own]) =>
    methodNames.flatMap((method) => {
      const handler = own[method];
      return isDescribed(handler) ? [{ path, method, facts: handler.definition }] : [];
    }),
  );
}

const isDescribed = (handler: unknown): handler is Described =>
  typeof handler === 'function' && 'definition' in handler;

/** @param routes paths with `{name}` for what the path names, relative to `server` */
export function openApiDocument(routes: readonly DescribedRoute[], options: DocumentOptions): Json {
  const paths: Record<string, Json> = {};
  for (const { path, method, facts } of routes) {
    const operations = paths[path] ?? {};
    operations[method.toLowerCase()] = operation(path, method, facts);
    paths[path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: options.title,
      version: options.version,
      description: options.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.server }],
    security: [{ basic: [] }, { bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'Id and secret of an API key.' },
        bearer: { type: 'http', scheme: 'bearer', description: '`<id>.<secret>` of an API key.' },
      },
      responses: {
        error: {
          description: 'What happened, where, and what to do next.',
          content: { 'application/json': { schema: schemaOf(options.error, 'output') } },
        },
      },
    },
  };
}

function operation(path: string, method: MethodName, facts: RouteFacts): Json {
  const anonymous = facts.access === 'anonymous';
  return {
    operationId: operationId(path, method),
    description: whoMay(facts.access),
    'x-landbridge-role': facts.access,
    ...(anonymous ? { security: [] } : {}),
    parameters: [...pathParameters(path, facts.params), ...queryParameters(facts.query)],
    ...(facts.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(facts.body, 'input') } },
          },
        }
      : {}),
    responses: { ...success(facts), default: { $ref: '#/components/responses/error' } },
  };
}

function success({ response, status, downloads }: RouteFacts): Json {
  const fixed = typeof status === 'number' ? status : response === null ? 204 : 200;
  if (downloads) {
    const content = Object.fromEntries(downloads.map((type) => [type, { schema: { type: 'string' } }]));
    return { 200: { description: 'A file, streamed.', content } };
  }
  if (response === null) return { [fixed]: { description: 'Done; the answer has no content.' } };
  const content = { 'application/json': { schema: schemaOf(response, 'output') } };
  return { [fixed]: { description: 'As asked.', content } };
}

function pathParameters(path: string, schema: z.ZodType | undefined): Json[] {
  const properties = propertiesOf(schema);
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name]?.schema ?? { type: 'string' },
  }));
}

function queryParameters(schema: z.ZodType | undefined): Json[] {
  return Object.entries(propertiesOf(schema)).map(([name, { schema: own, required }]) => ({
    name,
    in: 'query',
    required,
    schema: own,
  }));
}

function propertiesOf(schema: z.ZodType | undefined): Record<string, { schema: unknown; required: boolean }> {
  if (!schema) return {};
  const { properties, required } = schemaOf(schema, 'input') as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.fromEntries(
    Object.entries(properties ?? {}).map(([name, own]) => [
      name,
      { schema: own, required: required?.includes(name) ?? false },
    ]),
  );
}

/** `input`: as it is sent, before defaults and transforms. `output`: as it is answered. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Kafka's 64-bit integers are bigint on the server and plain JSON integers on the wire.
      if (zodSchema._zod.def.type === 'bigint')
        Object.assign(jsonSchema, { type: 'integer', format: 'int64' });
    },
  });
  return json;
}

/** `GET /clusters/{cluster_id}/links` → `getClustersByClusterIdLinks`. */
function operationId(path: string, method: MethodName): string {
  const words = path
    .split(/[/:_-]/)
    .filter((word) => word !== '')
    .flatMap((word) => (word.startsWith('{') ? ['by', ...word.slice(1, -1).split(/[_-]/)] : [word]))
    .map((word) => word.replace(/[{}.]/g, ''));
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function whoMay(access: RouteFacts['access']): string {
  if (access === 'anonymous') return 'Needs no credentials.';
  if (access === 'signedIn') return 'Needs valid credentials, with any role.';
  return `Needs the role ${access} where it acts.`;
}
