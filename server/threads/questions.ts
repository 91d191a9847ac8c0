// Typed questions to a thread: each has a time limit, gets one answer of the shape that belongs to it, and fails when the thread is gone.
import type { z } from 'zod';

export type ThreadAnswer = { ok: boolean; value?: unknown; error: string | null; code?: string | null };
type Pending<R> = { request: R; settle(answer: ThreadAnswer): void; fail(reason: string): void };

export type QuestionTable<R extends { op: string }, A extends Record<R['op'], unknown>> = {
  schemas: { [Op in R['op']]: z.ZodType<A[Op]> };
  limitsMs: Record<R['op'], number>;
  onTimeout(request: R, limitMs: number): Error;
  /** @param words what the thread says went wrong */
  onFailure(request: R, words: string | null, code: string | null): Error;
  onGone(reason: string): Error;
};

export class Questions<R extends { op: string }, A extends Record<R['op'], unknown>> {
  readonly #table: QuestionTable<R, A>;
  readonly #pending = new Map<number, Pending<R>>();
  #nextId = 1;

  constructor(table: QuestionTable<R, A>) {
    this.#table = table;
  }

  ask<Op extends R['op']>(
    request: Extract<R, { op: Op }>,
    post: (id: number, request: R) => void,
  ): Promise<A[Op]> {
    const id = this.#nextId++;
    const op = request.op as R['op'];
    const schema = this.#table.schemas[op] as z.ZodType<A[Op]>;
    const limitMs = this.#table.limitsMs[op];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(this.#table.onTimeout(request, limitMs));
      }, limitMs);
      const done = () => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      this.#pending.set(id, {
        request,
        settle: (answer) => {
          done();
          if (!answer.ok) {
            reject(this.#table.onFailure(request, answer.error, answer.code ?? null));
            return;
          }
          const parsed = schema.safeParse(answer.value);
          if (parsed.success) resolve(parsed.data);
          else reject(new Error(`The answer to ${op} has the wrong shape`, { cause: parsed.error }));
        },
        fail: (reason) => {
          done();
          reject(this.#table.onGone(reason));
        },
      });
      post(id, request);
    });
  }

  /** Null: it is not waited for any more. */
  asked(id: number): R | null {
    return this.#pending.get(id)?.request ?? null;
  }

  answer(id: number, answer: ThreadAnswer): void {
    this.#pending.get(id)?.settle(answer);
  }

  failAll(reason: string): void {
    for (const pending of [...this.#pending.values()]) pending.fail(reason);
  }
}
