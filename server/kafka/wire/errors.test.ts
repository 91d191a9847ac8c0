import { describe, expect, it } from 'vitest';
import {
  ConnectError,
  ConnectionLostError,
  DecodeError,
  ErrorCode,
  errorName,
  isRetriableCode,
  KafkaError,
  ProtocolError,
  TimeoutError,
} from './errors';

describe('errors', () => {
  it('knows the names and numbers of the codes that the engine decides by', () => {
    for (const [name, code] of Object.entries(ErrorCode)) expect(errorName(code)).toBe(name);
    expect(errorName(0)).toBe('NONE');
    expect(errorName(-1)).toBe('UNKNOWN_SERVER_ERROR');
    expect(errorName(12_345)).toBe('ERROR_12345');
  });

  it('tries again what a new leader, coordinator or session may mend, and nothing unknown', () => {
    for (const code of [3, 5, 6, 7, 14, 15, 16, 19, 20, 51, 56, 70, 71, 74, 75, 100, 103, 106])
      expect([errorName(code), isRetriableCode(code)]).toEqual([errorName(code), true]);
    for (const code of [0, -1, 1, 10, 29, 31, 45, 47, 53, 58, 87, 90, 12_345])
      expect([errorName(code), isRetriableCode(code)]).toEqual([errorName(code), false]);
  });

  it('says where and what, and keeps the cause', () => {
    const cause = new Error('ECONNREFUSED');
    const errors = [
      new ProtocolError(29, 'broker 2 (h:9092)', 'Fetch', 'orders'),
      new ConnectError('TCP', 'h:9092', 'TCP connection failed', { retriable: true, cause }),
      new ConnectionLostError('broker 2', 'gone', cause),
      new TimeoutError('broker 2', 'Produce', 500),
      new DecodeError('garbage'),
    ];
    expect(errors.map((e) => [e.name, e.message, e.retriable])).toEqual([
      ['ProtocolError', 'Fetch at broker 2 (h:9092): TOPIC_AUTHORIZATION_FAILED (orders)', false],
      ['ConnectError', 'h:9092: TCP connection failed', true],
      ['ConnectionLostError', 'broker 2: gone', true],
      ['TimeoutError', 'Produce at broker 2: no answer within 500 ms', true],
      ['DecodeError', 'garbage', false],
    ]);
    expect(errors.every((e) => e instanceof KafkaError && e instanceof Error)).toBe(true);
    expect(errors[1]?.cause).toBe(cause);
    expect(errors[1]).toMatchObject({ stage: 'TCP' });
    expect(errors[0]).toMatchObject({ code: 29 });
  });
});
