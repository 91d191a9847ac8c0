// Which ACLs come over, under which names, which wait for the promotion, and which are removed.
import { describe, expect, it } from 'vitest';
import { type AclBinding, bindingKey, bindingText } from '@/lib/contracts/acl';
import {
  aclFiltersText,
  parseAclFilters,
  parsePrincipalMap,
  principalMapText,
} from '@/lib/contracts/acl-filters';
import { grantedAtPromotion, planSync, type SyncInput } from './acl-plan';

const acl = (over: Partial<AclBinding> = {}): AclBinding => ({
  ...{ resourceType: 'TOPIC', resourceName: 'orders', patternType: 'LITERAL' },
  ...{ principal: 'User:alice', host: '*', operation: 'READ', permission: 'ALLOW' },
  ...over,
});
const EVERYTHING = parseAclFilters('{"aclFilters":[{}]}');
const mirror = (topic: string, sourceTopic = topic) => ({ topic, sourceTopic, stopped: false });
const input = (over: Partial<SyncInput>): SyncInput => ({
  source: [],
  destination: [],
  held: new Set(),
  filters: EVERYTHING,
  principals: new Map(),
  prefix: '',
  mirrors: [mirror('orders')],
  ownOnSource: new Set(),
  self: { source: 'User:link', destination: 'User:link' },
  ...over,
});
const plan = (over: Partial<SyncInput>) =>
  planSync(input(over)).map(({ action, binding }) => `${action} ${bindingText(binding)}`);

describe('what comes over', () => {
  it('is what is not there yet, under the names of the destination', () => {
    const group = acl({ resourceType: 'GROUP', resourceName: 'billing' });
    const source = [acl(), group, acl({ principal: 'User:old' })];
    expect(
      plan({
        source,
        destination: [group],
        mirrors: [mirror('eu.orders', 'orders')],
        principals: parsePrincipalMap('{"User:old":"User:new"}'),
      }),
    ).toEqual([
      'ADD ALLOW READ on topic eu.orders for User:alice',
      'PRESENT ALLOW READ on group billing for User:alice',
      'ADD ALLOW READ on topic eu.orders for User:new',
    ]);
  });

  it('keeps prefixes, in front of which the prefix of the link stands, and reaches mirrors of other names', () => {
    const source = [acl({ resourceName: 'ord', patternType: 'PREFIXED' }), acl({ resourceName: '*' })];
    const renamed = [mirror('eu.orders', 'orders'), mirror('eu.clicks', 'clicks')];
    expect(plan({ source, prefix: 'eu.', mirrors: renamed })).toEqual([
      'ADD ALLOW READ on topic eu.ord (prefix) for User:alice',
      'ADD ALLOW READ on topic * for User:alice',
    ]);
    // Mirrors that happen to have something in front of their names move no ACLs but their own.
    expect(plan({ source, mirrors: renamed })[0]).toBe('ADD ALLOW READ on topic ord (prefix) for User:alice');
    expect(plan({ source, mirrors: [mirror('bestellungen', 'orders'), mirror('clicks')] })).toEqual([
      'ADD ALLOW READ on topic ord (prefix) for User:alice',
      'ADD ALLOW READ on topic bestellungen for User:alice',
      'ADD ALLOW READ on topic * for User:alice',
    ]);
  });

  it('is only what the filters let through', () => {
    const filters = parseAclFilters(
      '{"aclFilters":[{"resourceFilter":{"resourceType":"topic","patternType":"match","name":"orders"},"accessFilter":{"operation":"read","permissionType":"any"}},{"accessFilter":{"principal":"User:bob"}}]}',
    );
    const source = [
      acl(),
      acl({ resourceName: 'ord', patternType: 'PREFIXED' }),
      acl({ resourceName: 'clicks' }),
      acl({ operation: 'DESCRIBE' }),
      acl({
        principal: 'User:bob',
        resourceType: 'CLUSTER',
        resourceName: 'kafka-cluster',
        operation: 'DESCRIBE',
      }),
    ];
    expect(plan({ source, filters })).toEqual([
      'ADD ALLOW READ on topic orders for User:alice',
      'ADD ALLOW READ on topic ord (prefix) for User:alice',
      'ADD ALLOW DESCRIBE on cluster for User:bob',
    ]);
    expect(plan({ source, filters: [] })).toEqual([]);
  });

  it("is never the link's own, nor what links have added to lock and to fence", () => {
    const lock = acl({ operation: 'WRITE', permission: 'DENY' });
    const source = [acl({ principal: 'User:link' }), lock];
    expect(
      plan({ source, ownOnSource: new Set([bindingKey(lock)]) }).every((one) => one.startsWith('SKIPPED')),
    ).toBe(true);
  });
});

describe('what waits for the promotion', () => {
  it('is every right to write to a mirror, and not to other topics; of ALL the reading part comes', () => {
    const source = [
      acl({ operation: 'WRITE' }),
      acl({ operation: 'WRITE', resourceName: 'clicks' }),
      acl({ operation: 'ALL', resourceName: 'ord', patternType: 'PREFIXED' }),
    ];
    expect(plan({ source })).toEqual([
      'WITHHELD ALLOW WRITE on topic orders for User:alice',
      'ADD ALLOW WRITE on topic clicks for User:alice',
      'ADD ALLOW READ on topic ord (prefix) for User:alice',
      'ADD ALLOW DESCRIBE_CONFIGS on topic ord (prefix) for User:alice',
      'WITHHELD ALLOW ALL on topic ord (prefix) for User:alice',
    ]);
    const planned = planSync(input({ source }));
    expect(grantedAtPromotion(planned, 'orders').map(bindingText)).toEqual([
      'ALLOW WRITE on topic orders for User:alice',
      'ALLOW ALL on topic orders for User:alice',
    ]);
    expect(plan({ source, mirrors: [] }).filter((one) => one.startsWith('WITHHELD'))).toEqual([]);
  });

  it('is every DENY that would stop the link', () => {
    const deny = (principal: string) => acl({ principal, operation: 'WRITE', permission: 'DENY' });
    expect(plan({ source: [deny('User:*'), deny('User:bob')] })).toEqual([
      'WITHHELD DENY WRITE on topic orders for User:*',
      'ADD DENY WRITE on topic orders for User:bob',
    ]);
  });
});

describe('what is removed', () => {
  it('is only what was brought over and is gone at the source', () => {
    const [own, theirs] = [acl(), acl({ principal: 'User:bob' })];
    const destination = [own, theirs];
    expect(plan({ destination, held: new Set([bindingKey(own)]) })).toEqual([
      'REMOVE ALLOW READ on topic orders for User:alice',
    ]);
    expect(plan({ source: [own], destination, held: new Set([bindingKey(own)]) })).toEqual([
      'PRESENT ALLOW READ on topic orders for User:alice',
    ]);
  });

  it('is not what a promoted topic was given, while other mirrors still wait for the same', () => {
    const wide = acl({ operation: 'WRITE', resourceName: 'ord', patternType: 'PREFIXED' });
    const given = acl({ operation: 'WRITE' });
    const all = { source: [wide], destination: [given], held: new Set([bindingKey(given)]) };
    expect(plan({ ...all, mirrors: [mirror('order-lines')] })).toEqual([
      'WITHHELD ALLOW WRITE on topic ord (prefix) for User:alice',
    ]);
    expect(plan({ ...all, mirrors: [] })).toEqual([
      'ADD ALLOW WRITE on topic ord (prefix) for User:alice',
      'REMOVE ALLOW WRITE on topic orders for User:alice',
    ]);
  });
});

describe('the settings', () => {
  it('say what is wrong with their JSON, and how it is written', () => {
    const problem = (text: string) => aclFiltersText.safeParse(text).error?.issues[0]?.message;
    expect(problem('{')).toMatch(/^This is not JSON\. Write {"aclFilters"/);
    expect(problem('{"aclFilters":[{"resourceFilter":{"resourceType":"tpoic"}}]}')).toMatch(
      /^aclFilters\.0\.resourceFilter\.resourceType: resourceType is any, topic, group/,
    );
    expect(problem('{"aclFilters":[{"accessFilter":{"operaton":"any"}}]}')).toContain('operaton');
    expect(
      problem(
        '{"aclFilters":[{"resourceFilter":{"resourceType":"any","patternType":"any"},"accessFilter":{"operation":"any","permissionType":"any"}}]}',
      ),
    ).toBeUndefined();
    expect(principalMapText.safeParse('{"orders":"User:new"}').error?.issues[0]?.message).toContain(
      'User:orders',
    );
    expect(principalMapText.safeParse('').success).toBe(true);
  });
});
