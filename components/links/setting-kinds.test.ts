import { describe, expect, it } from 'vitest';
import { linkSettingsPatch } from '@/lib/contracts/api';
import { FIXED_SETTINGS, linkSettings } from '@/lib/contracts/link';
import { patchOf, settingKinds } from './setting-kinds';

describe('settings as they are typed', () => {
  it('are all known', () => {
    expect(Object.keys(settingKinds).toSorted()).toEqual(Object.keys(linkSettings.shape).toSorted());
  });

  it('can be changed, but for those that are fixed', () => {
    expect([...Object.keys(linkSettingsPatch.shape), ...FIXED_SETTINGS].toSorted()).toEqual(
      Object.keys(linkSettings.shape).toSorted(),
    );
  });

  it('become what the contract wants', () => {
    expect(patchOf('availability.check.ms', ' 2000 ').data).toEqual({ 'availability.check.ms': 2000 });
    expect(patchOf('cluster.link.paused', 'true').data).toEqual({ 'cluster.link.paused': true });
    expect(patchOf('link.throttle.bytes.per.second', '').data).toEqual({
      'link.throttle.bytes.per.second': null,
    });
    expect(patchOf('source.range.lost', null).data).toEqual({ 'source.range.lost': null });
  });

  it('are refused where they are not numbers, or too small', () => {
    expect(patchOf('availability.check.ms', '2e3').success).toBe(false);
    expect(patchOf('availability.check.ms', '5').success).toBe(false);
    expect(patchOf('mirror.start.offset.spec', 'yesterday').success).toBe(false);
  });
});
