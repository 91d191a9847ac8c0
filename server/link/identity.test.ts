import { describe, expect, it } from 'vitest';
import { Superseded, transactionalIdOf } from './identity';

describe('transactionalIdOf', () => {
  it('is the same for every engine, and another for every link and direction', () => {
    const id = transactionalIdOf('east', 'west', 'orders');
    expect(id).toMatch(/^landbridge-orders-[0-9a-f]{16}$/);
    expect(transactionalIdOf('east', 'west', 'orders')).toBe(id);
    const others = [
      transactionalIdOf('west', 'east', 'orders'),
      transactionalIdOf('east', 'west', 'order'),
      transactionalIdOf('east', 'north', 'orders'),
      transactionalIdOf('eastw', 'est', 'orders'),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('never changes between releases: another id would be another producer for the same mirror', () => {
    expect(transactionalIdOf('east', 'west', 'orders')).toBe('landbridge-orders-3e49a6ded2cc4b58');
  });
});

describe('Superseded', () => {
  it('says that another engine runs the link, and is not tried again', () => {
    const error = new Superseded('landbridge-orders-1', 4, 6);
    expect(error).toMatchObject({ epoch: 6, retriable: false });
    expect(error.message).toContain('another engine runs this link');
  });
});
