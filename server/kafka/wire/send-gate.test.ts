import { describe, expect, it } from 'vitest';
import { SendGate } from './send-gate';

describe('the gate', () => {
  it('keeps the order of what waits and of what comes while it opens', async () => {
    const gate = new SendGate();
    const sent: number[] = [];
    const send = (n: number) => () => {
      sent.push(n);
      // Somebody reacts to the first by sending another one.
      if (n === 1) void gate.pass(send(4));
      return Promise.resolve(n);
    };
    gate.close();
    const answers = [1, 2, 3].map((n) => gate.pass(send(n)));
    expect(sent).toEqual([]);
    expect(gate.held).toBe(3);
    gate.open();
    expect(await Promise.all(answers)).toEqual([1, 2, 3]);
    expect(sent).toEqual([1, 2, 3, 4]);
  });

  it('opens when everybody who closed it has opened it', () => {
    const gate = new SendGate();
    let sent = 0;
    gate.close();
    gate.close();
    void gate.pass(async () => sent++);
    gate.open();
    expect(sent).toBe(0);
    gate.open();
    expect(sent).toBe(1);
  });

  it('rejects what waits when the connection is gone, without sending it', async () => {
    const gate = new SendGate();
    gate.close();
    let sent = false;
    const answer = gate.pass(async () => {
      sent = true;
    });
    gate.fail(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    gate.open();
    expect(sent).toBe(false);
  });
});
