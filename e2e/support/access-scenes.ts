// Designed states of Settings → People, API keys and Approvals, for RENDERING TESTS; data checked against the contracts.
import {
  type ApprovalState,
  apiKeyList,
  approvalDetail,
  approvalList,
  grants,
  type Me,
  me,
  peopleList,
} from '@/lib/contracts/access';
import type { Scene } from './scenes';

const HOUR_MS = 3_600_000;
const admin = grants.parse([{ role: 'administrator', scope: { kind: 'everywhere' } }]);
const scoped = grants.parse([
  { role: 'operator', scope: { kind: 'cluster', cluster: 'dc1' } },
  { role: 'approver', scope: { kind: 'link', destination: 'cloud', name: 'dc1-to-cloud' } },
]);

export const meAs = (given: 'administrator' | 'operator' | 'viewer', now: number): Me =>
  me.parse({
    kind: 'PERSON',
    id: 'p1',
    name: 'Ada Lovelace',
    grants: given === 'administrator' ? admin : [{ role: given, scope: { kind: 'everywhere' } }],
    signedInAt: now - HOUR_MS,
  });

const people = (now: number) =>
  peopleList.parse({
    people: [
      person('p1', 'ada', 'Ada Lovelace', now, { grants: admin, lastSignInAt: now - HOUR_MS, sessions: 2 }),
      person('p2', 'ops-2', 'Second operator', now, { grants: scoped, lastSignInAt: now - 40 * HOUR_MS }),
      person('p3', 'grace@example.com', 'Grace Hopper', now, {
        kind: 'OIDC',
        issuer: 'https://id.example.com',
        grantsFrom: 'CLAIM',
        lastSignInAt: now - 2 * HOUR_MS,
        sessions: 1,
      }),
      person('p6', 'katherine', 'Katherine Johnson', now, {
        grants: [{ role: 'approver', scope: { kind: 'everywhere' } }],
        lastSignInAt: now - HOUR_MS,
        unvouched: {
          by: ['grace@example.com'],
          countsAt: null,
          whyNot: 'Sign in again first: this takes a sign-in of the last 15 minutes.',
          signInAgain: true,
        },
      }),
      person('p4', 'newcomer', 'newcomer', now, {}),
      person('p5', 'left', 'Somebody who left', now, { disabled: true, lastSignInAt: now - 900 * HOUR_MS }),
    ],
  });

function person(id: string, userName: string, displayName: string, now: number, over: object) {
  return {
    id,
    userName,
    displayName,
    kind: 'LOCAL',
    issuer: null,
    grants: [{ role: 'viewer', scope: { kind: 'everywhere' } }],
    grantsFrom: 'CONSOLE',
    disabled: false,
    secondFactor: false,
    unvouched: null,
    createdAt: now - 1000 * HOUR_MS,
    lastSignInAt: null,
    sessions: 0,
    ...over,
  };
}

const keys = (now: number) => {
  const key = (id: string, name: string, over: object) => ({
    id,
    name,
    grant: { role: 'operator', scope: { kind: 'everywhere' } },
    createdAt: now - 100 * HOUR_MS,
    createdBy: 'Ada Lovelace',
    expiresAt: now + 2000 * HOUR_MS,
    revokedAt: null,
    lastUsedAt: now - 60_000,
    lastUsedFrom: '10.4.0.17',
    bootstrap: false,
    ...over,
  });
  return apiKeyList.parse({
    keys: [
      key('LBK7Q2M4', 'terraform-prod', {}),
      key('LBK19XPZ', 'grafana', {
        grant: { role: 'viewer', scope: { kind: 'cluster', cluster: 'dc1' } },
        expiresAt: null,
        lastUsedAt: null,
        lastUsedFrom: null,
      }),
      key('LBK0000A', 'old-script', { revokedAt: now - 5 * HOUR_MS }),
      key('LBK0000B', 'last-year', { expiresAt: now - 5 * HOUR_MS }),
      key('robot', 'LANDBRIDGE_API_KEY', { bootstrap: true, expiresAt: null, createdBy: 'system' }),
    ],
  });
};

const no = (why: string) => ({ allowed: false, why, signInAgain: false });
const yes = { allowed: true, why: null, signInAgain: false };

function approval(id: string, state: ApprovalState, now: number, over: object = {}) {
  const done = no('This request is over.');
  return {
    id,
    operation: 'delete',
    link: { source: 'dc1', destination: 'cloud', name: 'dc1-to-cloud' },
    topic: null,
    summary: 'Delete link dc1-to-cloud: 148 mirror topics on cloud become ordinary topics.',
    state,
    requestedBy: 'Second operator',
    requestedAt: now - 600_000,
    expiresAt: now + 3000_000,
    decidedBy: null,
    decidedAt: null,
    usedAt: null,
    reason: null,
    confirm: done,
    reject: done,
    withdraw: done,
    breakGlass: done,
    ...over,
  };
}

const pending = (now: number) =>
  approval('a1', 'PENDING', now, {
    confirm: yes,
    reject: yes,
    withdraw: no('Only Second operator can withdraw it.'),
    breakGlass: no('Only Second operator can go ahead alone.'),
  });

const approvals = (now: number) =>
  approvalList.parse({
    approvals: [
      pending(now),
      approval('a2', 'USED', now, {
        decidedBy: 'Ada Lovelace',
        decidedAt: now - 2 * HOUR_MS,
        usedAt: now - 2 * HOUR_MS,
      }),
      approval('a3', 'BROKEN_GLASS', now, {
        decidedBy: 'Second operator',
        decidedAt: now - 90 * HOUR_MS,
        reason: 'dc1 is on fire, nobody answers the phone.',
      }),
      approval('a4', 'REJECTED', now, {
        decidedBy: 'Ada Lovelace',
        decidedAt: now,
        reason: 'Not before the freeze.',
      }),
    ],
  });

const detail = (now: number) =>
  approvalDetail.parse({
    ...pending(now),
    facts: [
      { name: 'Mirror topics', value: '148' },
      { name: 'Worst lag', value: '3 messages' },
    ],
  });

const refused = () => ({
  status: 403,
  body: { code: 'FORBIDDEN', message: 'Seeing people needs the role administrator everywhere.' },
});

export const accessScenes: Scene[] = [
  { name: 'people', path: '/settings/people', shows: 'Grace Hopper', api: { people } },
  {
    name: 'a person to vouch for',
    path: '/settings/people?id=p6',
    shows: 'Sign in again to vouch',
    api: { people },
  },
  {
    name: 'people forbidden',
    path: '/settings/people',
    shows: 'You may not see the people',
    api: { people: refused, me: (now) => meAs('viewer', now) },
  },
  {
    name: 'people loading',
    path: '/settings/people',
    shows: 'Loading the people',
    api: { people: () => 'hang' },
  },
  { name: 'keys', path: '/settings/keys', shows: 'terraform-prod', api: { keys } },
  {
    name: 'keys empty',
    path: '/settings/keys',
    shows: 'No API keys yet',
    api: { keys: () => apiKeyList.parse({ keys: [] }) },
  },
  { name: 'approvals', path: '/settings/approvals', shows: 'glass broken', api: { approvals } },
  {
    name: 'approvals empty',
    path: '/settings/approvals',
    shows: 'Nothing waits for a second person',
    api: { approvals: () => approvalList.parse({ approvals: [] }) },
  },
  {
    name: 'an approval to decide',
    path: '/settings/approvals?id=a1',
    shows: 'Worst lag',
    api: { approvals, 'approvals/a1': detail },
  },
];
