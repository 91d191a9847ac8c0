// The lock against a model of Kafka's authorizer, with random ACLs: nobody else can write, nobody else loses or gains anything besides, and
// taking away what was added leaves what stood before.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AclBinding, bindingKey } from '@/lib/contracts/acl';
import type { Self } from '../access/self';
import { EVERYBODY, isAbout, isAllowed } from '../access/topic-access';
import { deriveFence, deriveLock, LOCKED_OPERATIONS } from './derive-lock';

const TOPIC = 'orders.placed';
const LINK = 'User:link';
const NAMED = ['User:alice', 'User:bob', 'Group:ops'];
/** Thousands of comparisons a case: one `expect` each would be most of the time. */
function hold(what: unknown, ...sides: [boolean, boolean]): void {
  if (sides[0] !== sides[1]) throw new Error(`${JSON.stringify(what)}: ${sides[0]}, not ${sides[1]}`);
}
/** Named by no ACL. */
const STRANGER = 'User:stranger';
const KEPT = ['READ', 'DESCRIBE', 'DESCRIBE_CONFIGS'] as const;

const allow = (over: Partial<AclBinding> = {}): AclBinding => ({
  ...{ resourceType: 'TOPIC', resourceName: 'orders.', patternType: 'PREFIXED' },
  ...{ principal: 'User:alice', host: '*', operation: 'WRITE', permission: 'ALLOW' },
  ...over,
});
const binding: fc.Arbitrary<AclBinding> = fc.record({
  resourceType: fc.constantFrom('TOPIC', 'TOPIC', 'TOPIC', 'GROUP'),
  resourceName: fc.constantFrom(TOPIC, 'orders.', 'orders.placed2', '*', 'payments'),
  patternType: fc.constantFrom('LITERAL', 'PREFIXED'),
  principal: fc.constantFrom(LINK, ...NAMED, EVERYBODY),
  host: fc.constantFrom('*', '10.0.0.1'),
  operation: fc.constantFrom(
    'ALL',
    'READ',
    'WRITE',
    'DELETE',
    'ALTER',
    'ALTER_CONFIGS',
    'DESCRIBE',
    'DESCRIBE_CONFIGS',
  ),
  permission: fc.constantFrom('ALLOW', 'ALLOW', 'DENY'),
});
const known = (openByDefault: boolean): Self => ({
  principal: LINK,
  superUser: false,
  proven: true,
  openByDefault,
});

function locked(present: readonly AclBinding[], self: Self) {
  const about = present.filter((b) => isAbout(b, TOPIC));
  const plan = deriveLock(TOPIC, about, [], self);
  const keys = new Set(present.map(bindingKey));
  const added = plan.bindings.filter((b) => !keys.has(bindingKey(b)));
  return { plan, added, all: [...present, ...added] };
}

describe('the lock of a mirror topic', () => {
  const everyCase = (check: (present: AclBinding[], open: boolean) => void) =>
    fc.assert(fc.property(fc.array(binding, { maxLength: 8 }), fc.boolean(), check), { numRuns: 300 });

  it('keeps everybody but the link from writing, or says that it cannot', () => {
    everyCase((present, open) => {
      const { plan, all } = locked(present, known(open));
      if (plan.open !== null) return;
      for (const principal of [...NAMED, STRANGER])
        hold(principal, isAllowed(all, TOPIC, principal, 'WRITE', open), false);
    });
  });

  it('closes deleting and altering, too, where it does not name who still can', () => {
    everyCase((present, open) => {
      const { plan, all } = locked(present, known(open));
      for (const operation of LOCKED_OPERATIONS) {
        if (plan.open !== null || plan.notes.some((note) => note.includes(operation))) continue;
        for (const principal of [...NAMED, STRANGER])
          hold([principal, operation], isAllowed(all, TOPIC, principal, operation, open), false);
      }
    });
  });

  it('takes nothing from the link', () => {
    everyCase((present, open) => {
      const { all } = locked(present, known(open));
      for (const operation of [...LOCKED_OPERATIONS, ...KEPT])
        if (isAllowed(present, TOPIC, LINK, operation, open))
          hold(operation, isAllowed(all, TOPIC, LINK, operation, open), true);
    });
  });

  it('keeps the link at work where brokers let everybody in, whoever adds the first ACL on the topic', () => {
    everyCase((present) => {
      const { plan, all } = locked(present, known(true));
      for (const operation of [...LOCKED_OPERATIONS, ...KEPT]) {
        const denied = present.some((b) => isAbout(b, TOPIC) && b.permission === 'DENY');
        if (!denied && plan.open === null)
          hold(operation, isAllowed(all, TOPIC, LINK, operation, true), true);
      }
    });
    // As the sync of ACLs brings it over.
    expect(locked([allow({ operation: 'READ' })], known(true)).all).toContainEqual(
      allow({ principal: LINK, resourceName: TOPIC, patternType: 'LITERAL' }),
    );
  });

  it('leaves reading, and every other topic, as they were for everybody else', () => {
    everyCase((present, open) => {
      const { all } = locked(present, known(open));
      for (const principal of [...NAMED, STRANGER]) {
        for (const operation of KEPT)
          hold(
            [principal, operation],
            isAllowed(all, TOPIC, principal, operation, open),
            isAllowed(present, TOPIC, principal, operation, open),
          );
        for (const other of ['orders.placed2', 'orders.', 'payments'])
          hold(
            [principal, other],
            isAllowed(all, other, principal, 'WRITE', open),
            isAllowed(present, other, principal, 'WRITE', open),
          );
      }
    });
  });

  it('adds nothing that stands already, so that what is taken away again was its own', () => {
    everyCase((present, open) => {
      const { plan, added, all } = locked(present, known(open));
      const mine = new Set(added.map(bindingKey));
      expect(all.filter((b) => !mine.has(bindingKey(b)))).toEqual(present);
      // The next look derives the same, from the same.
      const again = locked(
        all.filter((b) => !mine.has(bindingKey(b))),
        known(open),
      );
      expect(again.plan).toEqual(plan);
    });
  });

  it('says that everybody can write where an ACL gives that to everybody', () => {
    const { plan } = locked([allow({ principal: EVERYBODY })], known(false));
    expect(plan).toMatchObject({
      bindings: [],
      open: expect.stringContaining('ALLOW WRITE on topic orders. (prefix) for User:*'),
    });
  });

  it('denies nobody while it does not know who the link is', () => {
    const guess: Self = { principal: LINK, superUser: false, proven: false, openByDefault: null };
    expect(locked([allow()], guess).plan).toMatchObject({ needsSelf: true, holders: ['User:alice'] });
    expect(locked([allow({ principal: LINK })], guess).plan).toMatchObject({
      needsSelf: false,
      bindings: [],
      open: null,
    });
    const unknown: Self = { principal: null, superUser: false, proven: true, openByDefault: false };
    expect(locked([allow()], unknown).plan).toMatchObject({
      bindings: [],
      open: expect.stringContaining('mirror.lock.principal'),
    });
  });

  it('denies every holder where the link is a super user, and does not guess what brokers do without ACLs', () => {
    const superUser: Self = { principal: null, superUser: true, proven: true, openByDefault: null };
    expect(locked([allow()], superUser).plan.bindings).toEqual([
      allow({ resourceName: TOPIC, patternType: 'LITERAL', permission: 'DENY' }),
    ]);
    expect(locked([], superUser).plan).toMatchObject({
      bindings: [],
      open: expect.stringContaining('allow.everyone.if.no.acl.found'),
    });
  });

  it('names who can delete topics as a whole', () => {
    const cluster = allow({ resourceType: 'CLUSTER', resourceName: 'kafka-cluster', operation: 'ALL' });
    expect(deriveLock(TOPIC, [allow({ principal: LINK })], [cluster], known(false)).notes).toEqual([
      expect.stringContaining('User:alice can still delete topics'),
    ]);
    expect(deriveLock(TOPIC, [], [], known(true)).notes).toEqual([expect.stringContaining('everybody')]);
  });
});

describe('the fence of a source topic', () => {
  it('keeps everybody from writing and changes nothing else', () => {
    fc.assert(
      fc.property(fc.array(binding, { maxLength: 8 }), fc.boolean(), (present, open) => {
        const fence = deriveFence(
          TOPIC,
          present.filter((b) => isAbout(b, TOPIC)),
          known(open),
        );
        const all = [...present, ...(fence ?? [])];
        for (const principal of [LINK, ...NAMED, STRANGER]) {
          hold(principal, isAllowed(all, TOPIC, principal, 'WRITE', open), false);
          for (const operation of [...KEPT, 'DELETE', 'ALTER', 'ALTER_CONFIGS'] as const)
            hold(
              [principal, operation],
              isAllowed(all, TOPIC, principal, operation, open),
              isAllowed(present, TOPIC, principal, operation, open),
            );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is not set where it is not known what an ACL would take from readers', () => {
    const superUser: Self = { principal: null, superUser: true, proven: true, openByDefault: null };
    expect(deriveFence(TOPIC, [], superUser)).toBeNull();
    expect(deriveFence(TOPIC, [allow()], superUser)).toHaveLength(1);
  });
});
