// Preloaded into the server (`node --import`), because route handlers never see the socket: takes away what a client says
// about its own address and puts the socket's there instead, or what a trusted proxy says. Next passes such headers on as
// they came. Requests that Next itself answers with a page of HTML are answered here in the APIs' own shapes.
import { Server } from 'node:http';
import { isMainThread } from 'node:worker_threads';
import { readPublicAddress } from '../../lib/public-address.mjs';
import { canonicalLocation } from './canonical-host.mjs';
import { refusalOf } from './refused-requests.mjs';
import { trustedProxies } from './trusted-proxies.mjs';

const proxies = trustedProxies(process.env.LANDBRIDGE_TRUSTED_PROXIES);
if (proxies.problem) throw new Error(proxies.problem);

const { env } = process;
const { address } = readPublicAddress(env, env.HOST?.trim() || '127.0.0.1', Number(env.PORT ?? 3000));

/** The scheme and host of our own pages are set (LANDBRIDGE_URL): nobody is believed about them, not even a proxy. */
const forged = (name) => name === 'forwarded' || name === 'x-real-ip' || name.startsWith('x-forwarded-');

function correct(request) {
  const { rawHeaders, headers, headersDistinct } = request;
  const said = headersDistinct['x-forwarded-for'] ?? [];
  const client = proxies.clientOf(request.socket.remoteAddress ?? '', said);
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    if (forged(rawHeaders[i].toLowerCase())) rawHeaders.splice(i, 2);
  }
  for (const own of [headers, headersDistinct]) {
    for (const name of Object.keys(own)) if (forged(name)) delete own[name];
  }
  rawHeaders.push('x-forwarded-for', client);
  headers['x-forwarded-for'] = client;
  headersDistinct['x-forwarded-for'] = [client];
}

/** Headers by which Next asks itself for parts of pages; to the APIs it would answer with a redirect. */
function asPlainRequest(request) {
  if (!/^\/(api|kafka)(?:[/?]|$)/.test(request.url ?? '')) return;
  for (const name of Object.keys(request.headers)) {
    if (name === 'rsc' || name.startsWith('next-')) delete request.headers[name];
  }
}

function refuse(response, { status, body, allow }) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A body that follows is not read.
    connection: 'close',
    ...(allow ? { allow } : {}),
  });
  response.end(text);
}

/** What needs no route. @returns false when the request goes on to Next */
function answered(request, response) {
  const refusal = refusalOf(request.method, request.url);
  if (refusal) {
    refuse(response, refusal);
    return true;
  }
  const location = address && canonicalLocation(request, address);
  if (!location) return false;
  response.writeHead(307, { location, 'cache-control': 'no-store' });
  response.end();
  return true;
}

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...values) {
  if (['request', 'upgrade', 'checkContinue', 'checkExpectation', 'connect'].includes(event)) {
    const [request, response] = values;
    correct(request);
    asPlainRequest(request);
    if (event === 'request' && answered(request, response)) return true;
  }
  return emit.call(this, event, ...values);
};

// When the script that started the server is killed, nobody passes signals on any more: end as if asked to.
if (isMainThread && process.env.LANDBRIDGE_END_WITH_PARENT === '1') {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 1000);
  timer.unref();
}
