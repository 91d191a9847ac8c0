import { describe, expect, it } from 'vitest';
import {
  allowedStep,
  choiceProblems,
  clusterProblems,
  emptyDraft,
  endsKey,
  furthestStep,
  type LinkDraft,
  mirrorOptionsOf,
  settingsOf,
} from './draft';

const now = Date.parse('2026-11-23T18:00:00Z');
const named: LinkDraft = { ...emptyDraft, name: 'a-to-b', source: 'a', destination: 'b' };
const result = {
  ok: true,
  error: 'NO_ERROR' as const,
  source: [],
  destination: [],
  sourceClusterId: 'A',
  destinationClusterId: 'B',
};
const checked: LinkDraft = { ...named, check: { of: endsKey(named), result } };

describe('the draft of a link', () => {
  it('names what is missing in the first step', () => {
    expect(clusterProblems(emptyDraft)).toMatchObject({
      name: 'The name cannot be empty.',
      source: expect.any(String),
      destination: expect.any(String),
    });
    expect(clusterProblems({ ...named, destination: 'a' }).destination).toMatch(/same cluster/);
    expect(clusterProblems(named)).toEqual({});
  });

  it('opens a deep link at the furthest step that the entries allow', () => {
    expect(allowedStep('review', emptyDraft, now)).toBe('clusters');
    expect(allowedStep('review', named, now)).toBe('checks');
    expect(allowedStep('review', checked, now)).toBe('review');
    expect(allowedStep('topics', checked, now)).toBe('topics');
    expect(allowedStep('nonsense', checked, now)).toBe('clusters');
  });

  it('wants the checks again when an end has changed', () => {
    expect(furthestStep({ ...checked, destination: 'c' }, now)).toBe('checks');
  });

  it('does not go on after failed checks', () => {
    expect(
      furthestStep({ ...checked, check: { of: endsKey(named), result: { ...result, ok: false } } }, now),
    ).toBe('checks');
  });
});

describe('start point and replication factor', () => {
  it('send only what differs from the defaults', () => {
    expect(settingsOf(named)).toEqual({});
    expect(settingsOf({ ...named, start: 'latest' })).toEqual({ 'mirror.start.offset.spec': 'latest' });
    expect(mirrorOptionsOf(named)).toEqual({ replicationFactor: null, configs: {} });
    expect(mirrorOptionsOf({ ...named, replicationFactor: ' 3 ' }).replicationFactor).toBe(3);
  });

  it('turn a local time into one with a zone', () => {
    const settings = settingsOf({ ...named, start: 'time', startTime: '2026-11-23T10:00' });
    expect(settings['mirror.start.offset.spec']).toBe(new Date('2026-11-23T10:00').toISOString());
  });

  it('refuse a missing or future time and a factor that is no number', () => {
    expect(choiceProblems({ ...named, start: 'time' }, now)).toHaveProperty('startTime');
    expect(choiceProblems({ ...named, start: 'time', startTime: '2099-01-01T00:00' }, now).startTime).toMatch(
      /to come/,
    );
    expect(choiceProblems({ ...named, replicationFactor: '0' }, now)).toHaveProperty('replicationFactor');
    expect(choiceProblems({ ...named, replicationFactor: '3' }, now)).toEqual({});
    const configs = (text: string) => choiceProblems({ ...named, configs: text }, now).configs;
    expect(configs('segment.ms=60000\n\nmin.insync.replicas = 2')).toBeUndefined();
    expect(configs('segment.ms')).toContain('has no “=”');
    expect(configs('retention.ms=1000')).toContain('mirroring itself rules it');
    expect(configs('Segment=1')).toContain('not the name of a topic config');
    expect(mirrorOptionsOf({ ...named, configs: 'min.insync.replicas = 2' }).configs).toEqual({
      'min.insync.replicas': '2',
    });
  });
});
