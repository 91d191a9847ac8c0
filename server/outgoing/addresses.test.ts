import { describe, expect, it } from 'vitest';
import { allowEntryProblem, judgeAddress } from './addresses';

const judge = (address: string, allow: string[] | null = null, host = 'name.example.com') =>
  judgeAddress(host, address, { allow });
const ok = (address: string, allow: string[] | null = null, host?: string) => judge(address, allow, host).ok;

describe('outgoing addresses', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'febf:ffff::1',
    'ff02::1',
    'fd00:ec2::254',
    'fd00:0ec2:0:0:0:0:0:254',
    'fd20:ce::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::FFFF:6464:64c8',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2001:0:1::1',
    'not-an-address',
  ])('never lead to %s', (address) => {
    expect(judge(address).ok).toBe(false);
    expect(judge(address, ['name.example.com']).ok).toBe(false);
    expect(judge(address, ['0.0.0.0/0', '::/0']).ok).toBe(false);
  });

  it.each([
    '93.184.216.34',
    '10.1.2.3',
    '127.0.0.1',
    '::1',
    '::ffff:10.1.2.3',
    '2606:2800:220:1::1',
    'fd12::1',
  ])('may lead to %s', (address) => expect(ok(address)).toBe(true));

  it('take plain http on this machine, and where it is listed', () => {
    expect(judge('127.0.0.9')).toEqual({ ok: true, plainHttp: true });
    expect(judge('::1')).toEqual({ ok: true, plainHttp: true });
    expect(judge('::ffff:127.0.0.1')).toEqual({ ok: true, plainHttp: true });
    expect(judge('64:ff9b::7f00:1')).toEqual({ ok: true, plainHttp: false });
    expect(judge('2002:7f00:1::')).toEqual({ ok: true, plainHttp: false });
    expect(judge('10.1.2.3')).toEqual({ ok: true, plainHttp: false });
    expect(judge('10.1.2.3', ['10.0.0.0/8'])).toEqual({ ok: true, plainHttp: true });
  });

  it('are only those of the list once there is one', () => {
    expect(ok('10.1.2.3', ['10.0.0.0/8'])).toBe(true);
    expect(ok('::ffff:10.1.2.3', ['10.0.0.0/8'])).toBe(true);
    expect(ok('11.1.2.3', ['10.0.0.0/8'])).toBe(false);
    expect(ok('127.0.0.1', ['10.0.0.0/8'])).toBe(false);
    expect(ok('11.1.2.3', [])).toBe(false);
    expect(ok('11.1.2.3', ['NAME.example.com'])).toBe(true);
    expect(ok('11.1.2.3', ['*.example.com'], 'a.b.example.com.')).toBe(true);
    expect(ok('11.1.2.3', ['*.example.com'], 'example.com')).toBe(false);
    expect(ok('11.1.2.3', ['*.example.com'], 'badexample.com')).toBe(false);
    expect(ok('fd12::1', ['fd12::/32'])).toBe(true);
  });

  it('that are otherwise refused are opened only by that very address in the list', () => {
    expect(ok('169.254.169.254', ['169.254.169.254'])).toBe(true);
    expect(ok('169.254.169.254', ['169.254.169.254/32'])).toBe(true);
    expect(ok('169.254.169.254', ['169.254.0.0/16'])).toBe(false);
    expect(ok('169.254.169.254', ['169.254.169.253'])).toBe(false);
    expect(ok('fe80::1', ['fe80::1'])).toBe(true);
  });

  it('are listed as names, addresses or networks', () => {
    for (const entry of [
      'a',
      'a.example.com',
      '*.example.com',
      '10.0.0.1',
      '10.0.0.0/8',
      '::1',
      'fd12::/16',
    ]) {
      expect(allowEntryProblem(entry)).toBeNull();
    }
    for (const entry of [
      '',
      'https://a',
      'a:443',
      '10.0.0.0/33',
      '10.0.0/8',
      'a/8',
      '*',
      'fd12::/129',
      '10.0.0.0/8/8',
    ]) {
      expect(allowEntryProblem(entry)).not.toBeNull();
    }
  });
});
