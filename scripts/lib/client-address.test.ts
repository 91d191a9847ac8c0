// The preload that keeps clients from naming their own address; run in a process of its own, since it changes http.Server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';

const preload = new URL('./client-address.mjs', import.meta.url).href;
const server = `
  const http = require('node:http');
  const server = http.createServer((request, response) => {
    response.end(JSON.stringify({ headers: request.headers, raw: request.rawHeaders }));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

test('forged forwarding headers are dropped and the address of the socket stands in their place', async () => {
  const child = spawn(process.execPath, ['--import', preload, '-e', server], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const response = await fetch(`http://127.0.0.1:${line.toString().trim()}/`, {
      headers: {
        'X-Forwarded-For': '198.51.100.7',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        'X-Real-IP': '198.51.100.8',
        Forwarded: 'for=198.51.100.9',
        'X-Other': 'stays',
      },
    });
    const { headers, raw } = (await response.json()) as { headers: Record<string, string>; raw: string[] };
    expect(headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-other': 'stays' });
    for (const name of ['x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded'])
      expect(headers).not.toHaveProperty(name);
    expect(raw.join(' ')).not.toMatch(/198\.51\.100|evil/);
  } finally {
    child.kill();
  }
});

test('addresses that are not paths, and headers by which Next asks itself, do not reach the routes', async () => {
  const child = spawn(process.execPath, ['--import', preload, '-e', server], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(line.toString().trim());
    for (const target of ['*', 'http://evil.example/api/links', '//evil.example/api']) {
      expect(await raw(port, `GET ${target}`), target).toMatch(/^HTTP\/1.1 400 [\s\S]*"INVALID_REQUEST"/);
    }
    const answer = await raw(
      port,
      'GET /api/links',
      'RSC: 1\r\nNext-Router-State-Tree: x\r\nX-Other: stays\r\n',
    );
    expect(answer).toContain('"x-other":"stays"');
    expect(answer).not.toMatch(/"(rsc|next-router-state-tree)":/);
    expect(await raw(port, 'GET /links', 'RSC: 1\r\n')).toContain('"rsc":"1"');
  } finally {
    child.kill();
  }
});

/** As it stands: a library would mend the address before it is sent. */
async function raw(port: number, start: string, headers = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${start} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${headers}\r\n`);
  let text = '';
  for await (const part of socket) text += part;
  return text;
}
