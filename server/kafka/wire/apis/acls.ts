// DescribeAcls (key 29), CreateAcls (key 30) and DeleteAcls (key 31): what the authorizer of one broker knows, and changes to it. Version 1 of each,
// which Kafka 2.0 to 4.3 speak. Each broker answers DescribeAcls for itself: what it shows is in force there.
//
// DescribeAcls request v1 => resource_type (int8) resource_name (nullable) pattern_type (int8) principal (nullable) host (nullable) operation (int8) permission (int8)
// DescribeAcls response v1 => throttle_time_ms error_code error_message (nullable) [resource_type resource_name pattern_type [principal host operation permission]]
// CreateAcls request v1 => [resource_type resource_name pattern_type principal host operation permission]
// CreateAcls response v1 => throttle_time_ms [error_code error_message]
// DeleteAcls request v1 => [resource_type resource_name (nullable) pattern_type principal (nullable) host (nullable) operation permission]
// DeleteAcls response v1 => throttle_time_ms [error_code error_message [error_code error_message resource_type resource_name pattern_type principal host operation permission]]
import type { AclBinding, AclPattern, AclResourceType, BindingOperation } from '@/lib/contracts/acl';
import type { Api } from '../api';
import type { Reader } from '../reader';
import type { Writer } from '../writer';

/** As in org.apache.kafka.common.resource.ResourceType. */
const RESOURCE_TYPES: Record<AclResourceType, number> = {
  TOPIC: 2,
  GROUP: 3,
  CLUSTER: 4,
  TRANSACTIONAL_ID: 5,
  DELEGATION_TOKEN: 6,
  USER: 7,
};
const PATTERNS: Record<AclPattern, number> = { LITERAL: 3, PREFIXED: 4 };
/** As in org.apache.kafka.common.acl.AclOperation. */
const OPERATIONS: Record<BindingOperation, number> = {
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
  CREATE_TOKENS: 13,
  DESCRIBE_TOKENS: 14,
  TWO_PHASE_COMMIT: 15,
};
const PERMISSIONS = { DENY: 2, ALLOW: 3 } as const;
/** In filters: everything. */
const ANY = 1;

export type AclFilter = { resourceType: AclResourceType | null };
/** `unknown` counts bindings of kinds that this program doesn't know: they are left alone. */
export type DescribedAcls = {
  errorCode: number;
  errorMessage: string | null;
  bindings: AclBinding[];
  unknown: number;
};
export type AclResult = { errorCode: number; errorMessage: string | null };

const inverted = <Name extends string>(codes: Record<Name, number>) =>
  new Map(Object.entries<number>(codes).map(([name, code]) => [code, name as Name]));
const resourceNames = inverted(RESOURCE_TYPES);
const patternNames = inverted(PATTERNS);
const operationNames = inverted(OPERATIONS);
const permissionNames = inverted(PERMISSIONS);

export const describeAcls: Api<AclFilter, DescribedAcls> = {
  key: 29,
  name: 'DescribeAcls',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 2,
  throttle: 'first',
  encode(w, { resourceType }) {
    w.int8(resourceType === null ? ANY : RESOURCE_TYPES[resourceType])
      .nullableString(null)
      .int8(ANY);
    w.nullableString(null).nullableString(null).int8(ANY).int8(ANY);
  },
  decode(r) {
    r.int32();
    const answer: DescribedAcls = {
      errorCode: r.int16(),
      errorMessage: r.nullableString(),
      bindings: [],
      unknown: 0,
    };
    r.array(() => {
      const resource = readResource(r);
      r.array(() => {
        const binding = bindingOf(resource, readEntry(r));
        if (binding) answer.bindings.push(binding);
        else answer.unknown++;
      });
    });
    return answer;
  },
};

/** Results are in the order of the bindings. One that exists already is no error. */
export const createAcls: Api<readonly AclBinding[], AclResult[]> = {
  key: 30,
  name: 'CreateAcls',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 2,
  throttle: 'first',
  encode(w, bindings) {
    w.array(bindings, (binding) => writeBinding(w, binding));
  },
  decode(r) {
    r.int32();
    return r.array(() => readResult(r));
  },
};

/** Deletes exactly these bindings; results are in their order. One that doesn't exist is no error. */
export const deleteAcls: Api<readonly AclBinding[], AclResult[]> = {
  key: 31,
  name: 'DeleteAcls',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 2,
  throttle: 'first',
  encode(w, bindings) {
    w.array(bindings, (binding) => writeBinding(w, binding));
  },
  decode(r) {
    r.int32();
    return r.array(() => {
      const result = readResult(r);
      const failed = r
        .array(() => {
          const one = readResult(r);
          readResource(r);
          readEntry(r);
          return one;
        })
        .find(({ errorCode }) => errorCode !== 0);
      return result.errorCode === 0 && failed ? failed : result;
    });
  },
};

function writeBinding(w: Writer, b: AclBinding): void {
  w.int8(RESOURCE_TYPES[b.resourceType]).string(b.resourceName).int8(PATTERNS[b.patternType]);
  w.string(b.principal).string(b.host).int8(OPERATIONS[b.operation]).int8(PERMISSIONS[b.permission]);
}

type Resource = { type: number; name: string; pattern: number };
type Entry = { principal: string; host: string; operation: number; permission: number };

const readResult = (r: Reader): AclResult => ({ errorCode: r.int16(), errorMessage: r.nullableString() });
const readResource = (r: Reader): Resource => ({ type: r.int8(), name: r.string(), pattern: r.int8() });
const readEntry = (r: Reader): Entry => ({
  principal: r.string(),
  host: r.string(),
  operation: r.int8(),
  permission: r.int8(),
});

function bindingOf(resource: Resource, entry: Entry): AclBinding | null {
  const resourceType = resourceNames.get(resource.type);
  const patternType = patternNames.get(resource.pattern);
  const operation = operationNames.get(entry.operation);
  const permission = permissionNames.get(entry.permission);
  if (!resourceType || !patternType || !operation || !permission) return null;
  const { principal, host } = entry;
  return { resourceType, resourceName: resource.name, patternType, principal, host, operation, permission };
}
