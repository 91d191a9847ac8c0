// Where a request comes from. The preloaded scripts/lib/client-address.mjs has dropped what the client says about itself and put the socket's address there.

/** Null where the server was not started by `npm start`, as in tests of single routes. */
export function clientAddress(headers: Headers): string | null {
  return headers.get('x-forwarded-for')?.split(',')[0]?.trim() || null;
}
