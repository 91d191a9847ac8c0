// ACLs of a link for pictures of its Access tab: one of each kind.
import type { AclBinding } from '@/lib/contracts/acl';
import { type AclPlanRow, aclPreview } from '@/lib/contracts/acl-sync';

const acl = (over: Partial<AclBinding> = {}): AclBinding => ({
  ...{ resourceType: 'TOPIC', resourceName: 'shop.orders', patternType: 'LITERAL' },
  ...{ principal: 'User:billing', host: '*', operation: 'READ', permission: 'ALLOW' },
  ...over,
});
const row = (action: AclPlanRow['action'], binding: AclBinding, more: Partial<AclPlanRow> = {}) => ({
  ...{ action, from: binding, binding, reason: null },
  ...more,
});

export function aclPreviewOf({ problem }: { problem?: string } = {}) {
  const shop = acl({
    resourceName: 'shop.',
    patternType: 'PREFIXED',
    operation: 'WRITE',
    principal: 'User:shop',
  });
  const rows = [
    row('REMOVE', acl({ principal: 'User:intern' }), { from: null, reason: 'It is gone at the source.' }),
    row('ADD', acl({ principal: 'User:billing-cloud' }), { from: acl() }),
    row('ADD', acl({ resourceType: 'GROUP', resourceName: 'billing-', patternType: 'PREFIXED' })),
    row(
      'ADD',
      acl({ permission: 'DENY', operation: 'DELETE', principal: 'User:contractor', host: '10.2.0.17' }),
    ),
    row('WITHHELD', shop, {
      reason: 'shop.orders is a mirror: rights to write come over when it is promoted.',
    }),
    row('SKIPPED', acl({ principal: 'User:landbridge' }), { reason: "It is the link's own on the source." }),
    row('PRESENT', acl({ resourceType: 'CLUSTER', resourceName: 'kafka-cluster', operation: 'DESCRIBE' })),
  ];
  const fence = acl({ permission: 'DENY', operation: 'WRITE', principal: 'User:*' });
  return aclPreview.parse({
    source: problem ? null : 412,
    destination: problem ? null : 96,
    problems: problem ? [problem] : [],
    counts: { REMOVE: 1, ADD: 3, WITHHELD: 1, SKIPPED: 1, PRESENT: 1 },
    rows: problem ? [] : rows,
    held: problem ? [] : [{ purpose: 'FENCE', name: 'shop.orders', bindings: [fence] }],
  });
}
