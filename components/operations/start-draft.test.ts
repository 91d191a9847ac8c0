import { describe, expect, it } from 'vitest';
import { startOperationRequest } from '@/lib/contracts/operation';
import { bodyOf, emptyStartDraft, optionsOf, reasonProblem, requestOf, type StartDraft } from './start-draft';

const standardReverse = { sourceFence: 'acl', producersStopped: false, pauseBack: false };
const notFenced = { ...standardReverse, fenceSource: false };
const draft = (over: Partial<StartDraft>): StartDraft => ({ ...emptyStartDraft, ...over });

describe('options as they are typed', () => {
  it('become those of the contract, in its units', () => {
    const typed = draft({
      openTransactions: 'leave',
      quietSeconds: '1.5',
      fenceSource: true,
      configs: '\n retention.ms = -1 \na.b=c=d',
    });
    expect(optionsOf('PROMOTE', typed)).toEqual({
      options: {
        openTransactions: 'leave',
        quietMs: 1500,
        force: false,
        ...standardReverse,
        fenceSource: true,
        configs: { 'retention.ms': '-1', 'a.b': 'c=d' },
      },
    });
  });

  it('of a promote do not reach a failover, and the other way round', () => {
    const typed = draft({ openTransactions: 'abort', quietSeconds: 'none', force: true, fenceSource: true });
    expect(optionsOf('FAILOVER', typed)).toEqual({
      options: { openTransactions: 'wait', quietMs: 3000, force: true, ...notFenced, configs: {} },
    });
  });

  it('of a reverse leave nothing behind, and take the word on producers only where nothing is fenced', () => {
    const typed = draft({
      openTransactions: 'leave',
      producersStopped: true,
      pauseBack: true,
      force: true,
      fenceSource: true,
    });
    const own = {
      openTransactions: 'wait',
      quietMs: 3000,
      force: false,
      configs: {},
      pauseBack: true,
      fenceSource: false,
    };
    expect(optionsOf('REVERSE', typed)).toEqual({
      options: { ...own, sourceFence: 'acl', producersStopped: false },
    });
    expect(optionsOf('REVERSE', { ...typed, fence: 'none' })).toEqual({
      options: { ...own, sourceFence: 'none', producersStopped: true },
    });
  });

  it('that cannot be are told at their field', () => {
    expect(optionsOf('PROMOTE', draft({ quietSeconds: '601' }))).toHaveProperty('problems.quietSeconds');
    expect(optionsOf('PROMOTE', draft({ quietSeconds: '' }))).toHaveProperty('problems.quietSeconds');
    expect(optionsOf('FAILOVER', draft({ configs: 'retention.ms' }))).toHaveProperty(
      'problems.configs',
      'Write name=value: “retention.ms” has no “=”.',
    );
    expect(optionsOf('FAILOVER', draft({ configs: 'a=1\na=2' }))).toHaveProperty(
      'problems.configs',
      'a is there twice.',
    );
    expect(optionsOf('FAILOVER', draft({ configs: 'Retention=1' }))).toHaveProperty(
      'problems.configs',
      expect.stringContaining('not the name of a topic config'),
    );
  });
});

describe('the request', () => {
  it('is what the contract takes, and is shown without what is standard', () => {
    const made = optionsOf('PROMOTE', draft({ quietSeconds: '30' }));
    if (!('options' in made)) throw new Error('no options');
    const request = requestOf('PROMOTE', { topics: ['a'] }, made.options, '  We move to the cloud. ');
    expect(startOperationRequest.parse(request)).toEqual(request);
    expect(bodyOf(request)).toEqual({
      kind: 'PROMOTE',
      topics: ['a'],
      options: { quietMs: 30_000 },
      reason: 'We move to the cloud.',
    });
    expect(startOperationRequest.parse(bodyOf(request))).toEqual(request);
  });

  it('needs a reason that says something', () => {
    expect(reasonProblem('because')).toMatch(/at least 10/);
    expect(reasonProblem('   because    ')).toMatch(/at least 10/);
    expect(reasonProblem('The datacenter is closed.')).toBeUndefined();
  });
});
