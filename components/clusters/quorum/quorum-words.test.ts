import { describe, expect, it } from 'vitest';
import type { QuorumReplica } from '@/lib/contracts/monitoring/brokers';
import { evenVotersText, headroomLook, replicaLook } from './quorum-words';

const replica = (over: Partial<QuorumReplica> = {}): QuorumReplica => ({
  ...{ id: 2, directoryId: null, logEndOffset: '10', lag: '0', lastFetchMs: null, lastCaughtUpMs: null },
  behindSeconds: 0.2,
  ...over,
});
const view = {
  told: true,
  headroom: 1,
  leader: 1,
  voters: [replica(), replica(), replica()],
  evenVoters: false,
};

describe('a metadata quorum', () => {
  it('is as safe as the number of voters that may still fail', () => {
    expect(headroomLook(view)).toMatchObject({ shape: 'circle', word: '1 voter may fail' });
    expect(headroomLook({ ...view, headroom: 0 })).toMatchObject({ shape: 'triangle' });
    expect(headroomLook({ ...view, headroom: -1 }).word).toBe('No majority');
    expect(headroomLook({ ...view, leader: null }).word).toBe('No leader');
    expect(headroomLook({ ...view, voters: [replica()], headroom: 0 }).word).toBe('One voter');
  });

  it('is not called safe or unsafe where it is not told', () => {
    expect(headroomLook({ ...view, told: false }).shape).toBe('hollow');
    expect(headroomLook({ ...view, headroom: null }).shape).toBe('hollow');
    expect(replicaLook(replica({ behindSeconds: null }), 1).shape).toBe('hollow');
  });

  it('tells who follows, who is late and who is gone', () => {
    expect(replicaLook(replica(), 2).word).toBe('Leads');
    expect(replicaLook(replica(), 1).word).toBe('Follows');
    expect(replicaLook(replica({ behindSeconds: 5 }), 1)).toMatchObject({ word: 'Late', detail: '5 s' });
    expect(replicaLook(replica({ behindSeconds: 30 }), 1).word).toBe('Gone');
  });

  it('says why an even number of voters is no good', () => {
    expect(evenVotersText(4)).toMatch(/no more failures than 3: a majority takes 3/);
  });
});
