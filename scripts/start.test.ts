// What `npm start` refuses before it starts anything.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./start.mjs', import.meta.url));

function startWith(env: Record<string, string>): { code: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [script], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, said: stderr };
}

test.each(['0.0.0.0', '::', '192.168.1.10', 'example.com'])(
  'binding %s is refused without an address that people know the console by',
  (host) => {
    const { code, said } = startWith({ HOST: host });
    expect(code).toBe(1);
    expect(said).toContain(`HOST=${host} can be reached from other machines, so LANDBRIDGE_URL must say`);
  },
);

test('plain http on a network is refused', () => {
  const { code, said } = startWith({ HOST: '0.0.0.0', LANDBRIDGE_URL: 'http://links.example.com:3000' });
  expect(code).toBe(1);
  expect(said).toContain('is plain http');
});

test('a trusted proxy that is no address is refused', () => {
  expect(startWith({ LANDBRIDGE_TRUSTED_PROXIES: '10.0.0.1, proxy' }).said).toContain('names "proxy"');
});

test('a port that is no port is refused', () => {
  expect(startWith({ PORT: '70000' }).said).toContain('PORT=70000 is not a port');
});

test('a taken port is refused with another one to choose', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  try {
    const { port } = other.address() as AddressInfo;
    const { code, said } = startWith({ PORT: String(port) });
    expect(code).toBe(1);
    expect(said).toContain(`Port ${port} on 127.0.0.1 cannot be used: another program listens there`);
  } finally {
    other.close();
  }
});
