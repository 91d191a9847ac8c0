// Preloaded into the server (`node --import`): takes away what a client says about its own address and puts the socket's
// there instead. Route handlers never see the socket, and Next passes headers such as x-forwarded-for on as they came.
import { Server } from 'node:http';
import { isMainThread } from 'node:worker_threads';

const forged = (name) => name === 'forwarded' || name === 'x-real-ip' || name.startsWith('x-forwarded-');

function correct(request) {
  const address = request.socket.remoteAddress ?? '';
  const { rawHeaders, headers, headersDistinct } = request;
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    if (forged(rawHeaders[i].toLowerCase())) rawHeaders.splice(i, 2);
  }
  for (const own of [headers, headersDistinct]) {
    for (const name of Object.keys(own)) if (forged(name)) delete own[name];
  }
  rawHeaders.push('x-forwarded-for', address);
  headers['x-forwarded-for'] = address;
  headersDistinct['x-forwarded-for'] = [address];
}

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...values) {
  if (['request', 'upgrade', 'checkContinue', 'checkExpectation', 'connect'].includes(event))
    correct(values[0]);
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
