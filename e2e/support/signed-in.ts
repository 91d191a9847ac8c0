// Signs the first administrator in as the page does, by next-auth's calls, and keeps the cookies for the browser.
import type { BrowserContextOptions } from '@playwright/test';
import { csrfAnswer, signInAnswer } from '@/lib/contracts/sign-in';
import { admin } from './admin';
import type { Product } from './product';

export type SignedIn = Exclude<BrowserContextOptions['storageState'], string | undefined>;

export async function signedIn(product: Product): Promise<SignedIn> {
  const cookies = new Map<string, string>();
  const call = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(product.url + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        origin: product.url,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name, value);
    }
    return response.json();
  };
  const { csrfToken } = csrfAnswer.parse(await call('/api/auth/csrf'));
  const answer = signInAnswer.parse(
    await call('/api/auth/callback/password', { ...admin, next: '/', csrfToken }),
  );
  if (answer.problem !== null) throw new Error(`The administrator could not sign in: ${answer.problem}`);
  return {
    cookies: [...cookies].map(([name, value]) => ({
      name,
      value,
      domain: new URL(product.url).hostname,
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: false,
      sameSite: 'Lax' as const,
    })),
    origins: [],
  };
}
