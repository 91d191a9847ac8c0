// How the transactional ids that fill are shared between the brokers of a destination. Without a broker: nothing is appended here.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clusterConfig } from '@/lib/contracts/cluster';
import { clientFor } from '@/server/kafka/security';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { closedPort } from '@/server/kafka/wire/testing/peer';
import { FILL_TRANSACTIONS, FILL_TRANSACTIONS_FOR_OTHERS } from './defaults';
import { FillTransaction } from './fill-transaction';
import { FillTransactions } from './fill-transactions';
import { LinkIdentity } from './identity';

let client: ClusterClient;
let fills: FillTransactions;
beforeEach(async () => {
  const config = { name: 'cloud', bootstrapServers: [`127.0.0.1:${await closedPort()}`] };
  client = clientFor(clusterConfig.parse(config), 'fills');
  const ports = { stopping: () => true, standDown: () => {}, wayChanged: () => {}, log: () => {} };
  const tuning = { fillWay: 'TRANSACTIONS' as const, markerProbeMs: 1_000 };
  fills = new FillTransactions(client, new LinkIdentity(client, 'landbridge-x'), ports, tuning);
});
afterEach(() => {
  vi.restoreAllMocks();
  client.close();
});

const brokers = (count: number) =>
  vi
    .spyOn(client, 'brokers', 'get')
    .mockReturnValue(Array.from({ length: count }, (_, id) => ({ id, host: 'b', port: 1, rack: null })));

it('are all there for the only broker', async () => {
  brokers(1);
  expect(await fills.acquire(100, 0)).toHaveLength(FILL_TRANSACTIONS);
});

it('are never all with one broker while there are others, which go on with the rest', async () => {
  brokers(3);
  const held = await fills.acquire(100, 0);
  expect(held).toHaveLength(FILL_TRANSACTIONS - FILL_TRANSACTIONS_FOR_OTHERS);
  const others = await fills.acquire(100, 1);
  expect(others).toHaveLength(FILL_TRANSACTIONS_FOR_OTHERS);
  expect(new Set([...held, ...others]).size).toBe(FILL_TRANSACTIONS);
});

it('go to who waits when they come back, and to the same broker only within its share', async () => {
  brokers(2);
  const held = await fills.acquire(100, 0);
  let second: readonly FillTransaction[] | null = null;
  const waiting = fills.acquire(100, 0).then((taken) => {
    second = taken;
  });
  const others = await fills.acquire(100, 1);
  fills.release(others);
  expect(await fills.acquire(1, 1)).toHaveLength(1);
  expect(second).toBe(null);
  fills.release(held.slice(0, 2));
  await waiting;
  expect(second).toHaveLength(2);
});

it('have sent nothing when their coordinator was not reached: nobody has to wait for what was never asked', async () => {
  const id = new FillTransaction(client, 'landbridge-x-fill-0', 0, () => Promise.resolve());
  expect(await id.append([{ topic: 't', partitions: [0] }])).toMatchObject({ kind: 'UNSENT' });
});
