// One POST to a channel: what it answers is told exactly, cut short and without secrets. Redirects are failures: nothing is sent elsewhere.
import { scrub } from '@/server/access/scrub';
import { inOneLine } from '@/server/log';
import { outgoingFetch } from '@/server/outgoing/dial';
import { OutgoingError } from '@/server/outgoing/errors';
import { sendAnswerMaxBytes, sendTimeoutMs } from '../intervals';

/** `refused`: the other side has understood and will not take this message, whenever it comes. */
export type Sent = { ok: boolean; said: string; refused: boolean };

/** Worth another try though they begin with 4: sign-in, addresses and limits are mended without another message. */
const notYet: ReadonlySet<number> = new Set([401, 403, 404, 407, 408, 421, 425, 429]);
const answerShown = 300;

export async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  ca: string | null,
): Promise<Sent> {
  try {
    const answer = await outgoingFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      timeoutMs: sendTimeoutMs,
      maxResponseBytes: sendAnswerMaxBytes,
      statusDecides: true,
      ca: ca ?? undefined,
    });
    const { status } = answer;
    const ok = status >= 200 && status < 300;
    // Before it is cut: half a secret would not be found.
    const text = scrub(inOneLine(answer.body.toString('utf8').trim()));
    const shown = text.length > answerShown ? `${text.slice(0, answerShown)} …` : text;
    const redirect = status >= 300 && status < 400 ? ' (a redirect, which is not followed)' : '';
    const said = `HTTP ${status}${redirect}${shown === '' ? '' : `: ${shown}`}`;
    return { ok, said, refused: status >= 400 && status < 500 && !notYet.has(status) };
  } catch (error) {
    if (error instanceof OutgoingError) return { ok: false, said: scrub(error.message), refused: false };
    throw error;
  }
}
