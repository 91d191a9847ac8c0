// Requests to the APIs that Next answers by itself with HTML, before any route: said in each API's own shape instead. Pure.

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * @param {string | undefined} method
 * @param {string | undefined} url path and query as they were sent
 * @returns null when the request may go on, else the answer
 */
export function refusalOf(method = 'GET', url = '/') {
  // Absolute addresses and `*` are for proxies; Next would redirect to what stands there, or fail.
  if (!url.startsWith('/') || url.startsWith('//')) {
    const message = 'Ask for a path that begins with one slash.';
    return { status: 400, allow: undefined, body: { code: 'INVALID_REQUEST', message } };
  }
  const path = url.split(/[?#]/)[0];
  const api = /^\/(api|kafka)(?:\/|$)/.exec(path)?.[1];
  if (!api) return null;
  const speak = (status, code, message, allow) => ({
    status,
    allow,
    body: api === 'api' ? { code, message } : { error_code: status, message },
  });
  if (!methods.includes(method)) {
    return speak(405, 'METHOD_NOT_ALLOWED', `Nothing here takes ${method}.`, methods.join(', '));
  }
  if (isEncoded(path)) return null;
  return speak(
    400,
    'INVALID_REQUEST',
    'The address is not percent-encoded UTF-8. Encode names with encodeURIComponent.',
  );
}

function isEncoded(path) {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
