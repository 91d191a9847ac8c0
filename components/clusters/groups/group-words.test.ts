import { describe, expect, it } from 'vitest';
import { groupStateLook, leftOut, progressLook, whyNoLag } from './group-words';

const row = {
  ...{ stalled: 0, beyondEnd: 0, fallingBehind: 0, lost: '0', partitions: 12, known: 12, members: 3 },
  ...{ lagMessages: '7', why: null },
};

describe('how a consumer group is shown', () => {
  it('says the worst that is true of any partition, and of how many', () => {
    expect(progressLook({ ...row, stalled: 2, fallingBehind: 4 })).toMatchObject({
      ...{ shape: 'square', word: 'Stalled', detail: '2 of 12' },
    });
    expect(progressLook({ ...row, fallingBehind: 4, lost: '9' }).word).toBe('Falling behind');
    expect(progressLook({ ...row, lost: '1204' })).toMatchObject({ word: 'Lost messages', detail: '1,204' });
    expect(progressLook(row)).toMatchObject({ shape: 'circle', word: 'Keeps up' });
  });

  it('calls nothing well of which it knows nothing', () => {
    expect(progressLook({ ...row, known: 11 })).toMatchObject({ shape: 'hollow', word: 'Not all known' });
    const untold = { partitions: null, known: null, stalled: null, beyondEnd: null, fallingBehind: null };
    expect(progressLook({ ...row, ...untold })).toMatchObject({ shape: 'hollow', word: 'Not known' });
    expect(progressLook({ ...row, partitions: 0, known: 0 })).toMatchObject({ word: 'No commits' });
    expect(leftOut({ partitions: 12, known: 11 })).toBe('without 1 partition whose end is not known');
  });

  it('tells a group that nobody runs from one that keeps up', () => {
    expect(progressLook({ ...row, members: 0 }).word).toBe('Not running');
    expect(progressLook({ ...row, members: 0, lagMessages: '0' }).word).toBe('Keeps up');
  });

  it('writes Kafka’s states with spaces, and knows those that a later Kafka has as nothing more than words', () => {
    expect(groupStateLook('PreparingRebalance')).toMatchObject({
      shape: 'ring',
      word: 'Preparing rebalance',
    });
    expect(groupStateLook('Hibernating')).toMatchObject({ shape: 'hollow', word: 'Hibernating' });
  });

  it('gives the reason for a lag that is not known', () => {
    expect(whyNoLag({ partitions: 0, type: 'classic', why: null })).toMatch(/committed nothing/);
    expect(whyNoLag({ partitions: 1, type: 'classic', why: 'DESCRIBE is missing.' })).toBe(
      'DESCRIBE is missing.',
    );
  });
});
