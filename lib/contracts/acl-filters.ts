// Which ACLs a link brings over: Confluent's JSON of acl.filters, and the names that principals have on the destination. An empty setting
// lets nothing through.
import { z } from 'zod';
import { type AclBinding, aclResourceType, bindingOperation } from './acl';

const MAX_CHARACTERS = 100_000;
const FILTERS_EXAMPLE =
  '{"aclFilters":[{"resourceFilter":{"resourceType":"topic","patternType":"any"},"accessFilter":{"operation":"any","permissionType":"any"}}]}';
const MAP_EXAMPLE = '{"User:orders":"User:orders-cloud"}';

/** Kafka's names in any case; "any" or absent is everything. */
const oneOf = (field: string, names: readonly string[]) =>
  z
    .string()
    .transform((name) => name.toUpperCase())
    .refine(
      (name) => name === 'ANY' || names.includes(name),
      `${field} is any, ${names.join(', ').toLowerCase()}.`,
    )
    .default('ANY');

const aclFilter = z.strictObject({
  resourceFilter: z
    .strictObject({
      resourceType: oneOf('resourceType', aclResourceType.options),
      patternType: oneOf('patternType', ['LITERAL', 'PREFIXED', 'MATCH']),
      /** Absent: every resource. */
      name: z.string().min(1).max(255).optional(),
    })
    .prefault({}),
  accessFilter: z
    .strictObject({
      principal: z.string().min(1).max(1000).optional(),
      operation: oneOf('operation', bindingOperation.options),
      permissionType: oneOf('permissionType', ['ALLOW', 'DENY']),
      host: z.string().min(1).max(255).optional(),
    })
    .prefault({}),
});
export type AclFilter = z.infer<typeof aclFilter>;

const filtersSchema = z.strictObject({ aclFilters: z.array(aclFilter).max(1_000, 'At most 1,000 filters.') });
export const kafkaPrincipal = z
  .string()
  .regex(/^$|^[^:\s]+:.+$/u, 'A principal is written with its type, such as User:orders.')
  .max(1000);
const mapSchema = z.record(kafkaPrincipal.min(1), kafkaPrincipal.min(1));

export const aclFiltersText = jsonText(filtersSchema, FILTERS_EXAMPLE);
export const principalMapText = jsonText(mapSchema, MAP_EXAMPLE);

/** @param text a setting that `aclFiltersText` has let through */
export function parseAclFilters(text: string): AclFilter[] {
  return text.trim() === '' ? [] : filtersSchema.parse(JSON.parse(text)).aclFilters;
}

/** @param text a setting that `principalMapText` has let through */
export function parsePrincipalMap(text: string): ReadonlyMap<string, string> {
  return new Map(text.trim() === '' ? [] : Object.entries(mapSchema.parse(JSON.parse(text))));
}

/** Whether one of the filters lets a binding through. */
export function letsAclThrough(filters: readonly AclFilter[], binding: AclBinding): boolean {
  return filters.some(
    ({ resourceFilter, accessFilter }) =>
      isAny(resourceFilter.resourceType, binding.resourceType) &&
      takesName(resourceFilter, binding) &&
      isAny(accessFilter.operation, binding.operation) &&
      isAny(accessFilter.permissionType, binding.permission) &&
      (accessFilter.principal ?? binding.principal) === binding.principal &&
      (accessFilter.host ?? binding.host) === binding.host,
  );
}

const isAny = (wanted: string, actual: string) => wanted === 'ANY' || wanted === actual;

/** MATCH with a name: every binding that is about a resource of this name. */
function takesName({ patternType, name }: AclFilter['resourceFilter'], binding: AclBinding): boolean {
  if (patternType !== 'MATCH')
    return isAny(patternType, binding.patternType) && (name ?? binding.resourceName) === binding.resourceName;
  if (name === undefined) return true;
  if (binding.patternType === 'PREFIXED') return name.startsWith(binding.resourceName);
  return binding.resourceName === name || binding.resourceName === '*';
}

function jsonText(schema: z.ZodType, example: string) {
  return z
    .string()
    .max(MAX_CHARACTERS, `At most ${MAX_CHARACTERS} characters.`)
    .superRefine((text, context) => {
      if (text.trim() === '') return;
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: `This is not JSON. Write ${example}.` });
        return;
      }
      const [issue] = schema.safeParse(parsed).error?.issues ?? [];
      if (!issue) return;
      const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
      context.addIssue({ code: 'custom', message: `${where}${issue.message} Write ${example}.` });
    });
}
