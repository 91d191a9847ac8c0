// The one way in which the console talks to its server: JSON in, a checked contract out, failures as ApiFailure.
import type { z } from 'zod';
import { apiError } from '@/lib/contracts/common';
import { activityHeader } from './activity';
import { REQUEST_LIMIT_MS } from './intervals';
import { noteServerDate } from './server-clock';
import { noteAnswer } from './session-state';

/** What went wrong with a request, in words for the operator. `status` 0: the server did not answer at all. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, string>;
  readonly requestId: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    fields: Record<string, string> = {},
    requestId?: string,
  ) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.requestId = requestId;
  }
}

type RequestOptions = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
  limitMs?: number;
};

/**
 * Sends a request and returns the body as the schema has it.
 *
 * @throws ApiFailure when there is no answer in time, the server refuses, or the answer does not fit the schema
 */
export async function request<T>(
  path: string,
  schema: z.ZodType<T>,
  options: RequestOptions = {},
): Promise<T> {
  const body = await exchange(path, options);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'the whole body';
  throw new ApiFailure(
    200,
    'UNEXPECTED_ANSWER',
    `The server's answer to ${path} has a shape that this page does not know (at ${where}). The server may have been updated: reload the page.`,
  );
}

/** Like `request`, for calls whose answer the page does not need. */
export async function send(path: string, options: RequestOptions): Promise<void> {
  await exchange(path, options);
}

async function exchange(path: string, options: RequestOptions): Promise<unknown> {
  const { method = 'GET', body, signal, limitMs = REQUEST_LIMIT_MS } = options;
  const limit = AbortSignal.timeout(limitMs);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: 'no-store',
      headers: { ...activityHeader(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const why = limit.aborted ? `gave no answer in ${limitMs / 1000} s` : 'cannot be reached';
    throw new ApiFailure(
      0,
      'NO_ANSWER',
      `The Landbridge server ${why}. Check that it is running; this page tries again by itself.`,
    );
  }
  noteServerDate(response.headers.get('date'));
  noteAnswer(response.status);
  const text = await response.text();
  const json = parseJson(text);
  if (response.ok) return json;
  throw failureOf(response, json, `${method} ${path}`);
}

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf(response: Response, json: unknown, call: string): ApiFailure {
  const parsed = apiError.safeParse(json);
  if (parsed.success) {
    const { code, message, fields, requestId } = parsed.data;
    return new ApiFailure(response.status, code, message, fields, requestId);
  }
  return new ApiFailure(
    response.status,
    'UNEXPECTED_ANSWER',
    `${call} was answered with HTTP ${response.status} ${response.statusText} and no explanation. The server's log has the cause.`,
  );
}

/** The failure behind an unknown error of a query or mutation; null when there is none. */
export function failureFrom(error: unknown): ApiFailure | null {
  if (!error) return null;
  if (error instanceof ApiFailure) return error;
  return new ApiFailure(0, 'PAGE_ERROR', error instanceof Error ? error.message : String(error));
}

/** A path with each part percent-encoded. */
export const apiPath = (...parts: string[]): string => `/api/${parts.map(encodeURIComponent).join('/')}`;
