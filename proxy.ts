// The first line in front of pages: only our own host names, and a content security policy with a fresh nonce. /api and /kafka check for themselves.
import { type NextRequest, NextResponse } from 'next/server';
import { contentSecurityPolicy } from '@/server/http/content-security-policy';
import { isOwnHost } from '@/server/http/door';

export function proxy(request: NextRequest): NextResponse {
  const host = request.headers.get('host') ?? '';
  if (!isOwnHost(host, Number(process.env.PORT ?? 3000))) {
    return new NextResponse('This server answers on its own loopback address only.\n', {
      status: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  }
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  // Next reads the nonce from the request's policy and puts it on its own inline scripts.
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('cross-origin-opener-policy', 'same-origin');
  return response;
}

export const config = {
  matcher: ['/((?!api(?:/|$)|kafka(?:/|$)|_next/static|_next/image|healthz$|readyz$|favicon.ico$).*)'],
};
