// Turns the JSON schemas of an OpenAPI document into fast-check arbitraries: values that the schema allows. Tests only.
import fc from 'fast-check';

export type JsonSchema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  pattern?: string;
  format?: string;
  default?: unknown;
};

/** A value for a property of this name, when the caller knows one that makes sense; null leaves it to the schema. */
export type Hint = (property: string, path: readonly string[]) => fc.Arbitrary<unknown> | null;

const ITEMS_AT_MOST = 4;
const LENGTH_AT_MOST = 300;

export function arbitraryOf(
  schema: JsonSchema,
  hint: Hint,
  path: readonly string[] = [],
): fc.Arbitrary<unknown> {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return fc.oneof(...alternatives.map((one) => arbitraryOf(one, hint, path)));
  if (schema.allOf) {
    return fc
      .tuple(...schema.allOf.map((one) => arbitraryOf(one, hint, path)))
      .map((parts) => Object.assign({}, ...(parts as object[])));
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return fc.oneof(...types.map((type) => ofType(type, schema, hint, path)));
}

function ofType(
  type: string | undefined,
  schema: JsonSchema,
  hint: Hint,
  path: readonly string[],
): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objectOf(schema, hint, path);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, hint, path), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? ITEMS_AT_MOST, Math.max(schema.minItems ?? 0, ITEMS_AT_MOST)),
      });
    case 'string':
      return stringOf(schema);
    case 'integer':
      return fc.integer({
        min: Math.ceil(schema.minimum ?? (schema.exclusiveMinimum ?? -1) + 1),
        max: Math.min(schema.maximum ?? 2 ** 31, 2 ** 53 - 1),
      });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objectOf(schema: JsonSchema, hint: Hint, path: readonly string[]): fc.Arbitrary<unknown> {
  const required = schema.required ?? [];
  const entries = Object.entries(schema.properties ?? {}).map(([name, own]) => {
    const value = hint(name, path) ?? arbitraryOf(own, hint, [...path, name]);
    return [name, value] as const;
  });
  const fixed = fc.record(Object.fromEntries(entries), { requiredKeys: required });
  if (entries.length > 0 || typeof schema.additionalProperties !== 'object') return fixed;
  return fc.dictionary(
    fc.string({ minLength: 1, maxLength: 12 }),
    arbitraryOf(schema.additionalProperties, hint, path),
    { maxKeys: 3 },
  );
}

function stringOf({ pattern, format, minLength = 0, maxLength }: JsonSchema): fc.Arbitrary<string> {
  const longest = Math.min(maxLength ?? LENGTH_AT_MOST, LENGTH_AT_MOST);
  const fits = (text: string) => text.length >= minLength && text.length <= longest;
  if (format === 'date-time') {
    return fc
      .date({ min: new Date('2001-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(new RegExp(pattern)).filter(fits);
    } catch {
      // Some constructs are beyond the generator: anything then, which the server has to refuse.
    }
  }
  return fc.string({ minLength: Math.min(minLength, longest), maxLength: longest, unit: 'grapheme' });
}
