// The calls that sign people in and out. next-auth wants its CSRF token with each; the server checks the origin besides.
import { z } from 'zod';
import { REQUEST_LIMIT_MS } from '@/components/shell/intervals';
import { csrfAnswer, signInAnswer } from '@/lib/contracts/sign-in';

export type Outcome = z.infer<typeof signInAnswer>;

type Credentials = { userName: string; password: string } | { token: string };

/** @throws Error in words when the server cannot be reached, or says something else */
export async function signInWith(
  way: 'password' | 'link',
  given: Credentials,
  next: string,
): Promise<Outcome> {
  return post(`/api/auth/callback/${way}`, { ...given, next });
}

/** Where the provider wants to see the browser. @throws Error in words */
export async function signInAt(provider: string, next: string): Promise<Outcome> {
  return post(`/api/auth/signin/${encodeURIComponent(provider)}`, { next });
}

export async function signOut(): Promise<Outcome> {
  return post('/api/auth/signout', { next: '/' });
}

async function post(path: string, body: Record<string, string>): Promise<Outcome> {
  const { csrfToken } = csrfAnswer.parse(await exchange('/api/auth/csrf'));
  return signInAnswer.parse(
    await exchange(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, csrfToken }),
    }),
  );
}

const complaint = z.object({ message: z.string() });

async function exchange(path: string, init: RequestInit = {}): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      cache: 'no-store',
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
  } catch {
    throw new Error('The Landbridge server cannot be reached. Check that it is running, and try again.');
  }
  const answer: unknown = await response.json().catch(() => null);
  // A refused sign-in is an answer too; what has a message is an error of the server.
  const { data } = complaint.safeParse(answer);
  if (data || answer === null) {
    throw new Error(
      data?.message ?? `The server has answered ${response.status} without a reason. Try again.`,
    );
  }
  return answer;
}
