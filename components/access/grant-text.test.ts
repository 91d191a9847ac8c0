import { describe, expect, it } from 'vitest';
import { grants, type Me } from '@/lib/contracts/access';
import { draftOf, draftProblem, grantOf, grantText, whyNot } from './grant-text';

const me = (given: unknown): Me => ({
  kind: 'PERSON',
  id: '1',
  name: 'ops-2',
  grants: grants.parse(given),
  signedInAt: 0,
});
const onWest = me([{ role: 'operator', scope: { kind: 'cluster', cluster: 'west' } }]);
const link = { kind: 'link', source: 'west', destination: 'east', name: 'orders' } as const;

describe('grants in words', () => {
  it('say the role and where', () => {
    expect(onWest.grants.map(grantText)).toEqual(['operator on cluster west']);
  });

  it('tell why something is not allowed, and nothing where it is', () => {
    expect(whyNot(onWest, 'operator', { kind: 'cluster', cluster: 'west' })).toBeNull();
    expect(whyNot(onWest, 'operator', link)).toBe(
      'This needs the role operator on link "orders" to "east". Ask an administrator.',
    );
    expect(whyNot(onWest, 'operator', 'somewhere')).toBeNull();
    expect(whyNot(onWest, 'administrator', 'somewhere')).toContain('administrator');
  });

  it('claim nothing before it is known who asks', () => {
    expect(whyNot(undefined, 'administrator', { kind: 'everywhere' })).toBeNull();
  });
});

describe('a draft of a grant', () => {
  it('gives back what it was made of', () => {
    const all = grants.parse([
      { role: 'viewer', scope: { kind: 'everywhere' } },
      { role: 'operator', scope: { kind: 'cluster', cluster: 'west' } },
      { role: 'approver', scope: { kind: 'link', destination: 'east', name: 'orders' } },
    ]);
    expect(all.map(draftOf).map(grantOf)).toEqual(all);
  });

  it('says what is missing', () => {
    const draft = draftOf({ role: 'viewer', scope: { kind: 'everywhere' } }, 1);
    expect(draftProblem(draft)).toBeNull();
    expect(draftProblem({ ...draft, kind: 'cluster' })).toBe('Choose a cluster.');
    expect(draftProblem({ ...draft, kind: 'link' })).toBe('Choose a link.');
    expect(draftProblem({ ...draft, role: 'administrator', kind: 'link', link: 'east/orders' })).toContain(
      'everywhere',
    );
  });
});
