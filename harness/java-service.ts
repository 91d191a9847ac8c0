// The harness's one JVM: Kafka's own consumer, producer and admin client behind JSON lines. Started at the first
// request, kept for the whole process, ended with it. Knows no operation by itself; callers bring the answer's schema.
import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { findJava, type Java } from './java';
import { compiledHelpers } from './java-helpers';
import { kafkaDistribution } from './kafka-distribution';

const KEPT_ERROR_LINES = 40;

const answerSchema = z.object({
  id: z.number(),
  result: z.unknown().optional(),
  error: z.object({ type: z.string(), message: z.string() }).optional(),
});

/** An operation failed in the JVM. `type` is the Java exception's simple name, such as "TopicExistsException". */
export class JavaServiceError extends Error {
  override name = 'JavaServiceError';
  constructor(
    readonly operation: string,
    readonly type: string,
    message: string,
  ) {
    super(`${operation}: ${message}`);
  }
}

type Waiting = { operation: string; resolve: (result: unknown) => void; reject: (error: Error) => void };

class JavaService {
  #jvm: ChildProcess;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #errorLines: string[] = [];

  constructor(java: Java, classpath: string) {
    this.#jvm = spawn(
      java.command,
      [
        ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-Dlog4j2.level=OFF'],
        ...['-cp', classpath, 'landbridge.harness.Service'],
      ],
      { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
    );
    this.#jvm.once('error', (error) => this.#fail(error));
    this.#jvm.once('exit', (code) => this.#fail(new Error(`The harness's JVM ended with code ${code}.`)));
    const { stdout, stderr } = this.#jvm;
    if (!stdout || !stderr) throw new Error('The harness’s JVM has no pipes.');
    createInterface({ input: stdout }).on('line', (line) => this.#answer(line));
    createInterface({ input: stderr }).on('line', (line) => {
      this.#errorLines.push(line);
      if (this.#errorLines.length > KEPT_ERROR_LINES) this.#errorLines.shift();
    });
    this.#hold(false);
  }

  request(operation: string, parameters: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { operation, resolve, reject });
      this.#hold(true);
      this.#jvm.stdin?.write(`${JSON.stringify({ ...parameters, id, op: operation })}\n`);
    });
  }

  #answer(line: string): void {
    const { id, result, error } = answerSchema.parse(JSON.parse(line));
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#hold(false);
    if (error) waiting.reject(new JavaServiceError(waiting.operation, error.type, error.message));
    else waiting.resolve(result);
  }

  #fail(cause: Error): void {
    if (shared.service) delete shared.service;
    for (const { operation, reject } of this.#waiting.values())
      reject(new Error(`${operation}: ${cause.message}\n${this.#errorLines.join('\n')}`, { cause }));
    this.#waiting.clear();
  }

  /** The JVM keeps this process alive only while a request is open. */
  #hold(on: boolean): void {
    for (const part of [this.#jvm, this.#jvm.stdin, this.#jvm.stdout, this.#jvm.stderr])
      if (part instanceof Socket || part === this.#jvm) on ? part.ref() : part.unref();
  }
}

// On globalThis: test files that share a process also share the JVM.
const holder = globalThis as { [key: symbol]: { service?: Promise<JavaService> } | undefined };
const key = Symbol.for('landbridge.harness.java-service');
holder[key] ??= {};
const shared = holder[key];

/** @throws JavaServiceError when the operation fails, ZodError when its answer isn't of the expected form. */
export async function callJava<T>(operation: string, parameters: object, answer: z.ZodType<T>): Promise<T> {
  shared.service ??= startService();
  const service = await shared.service;
  return answer.parse(await service.request(operation, parameters));
}

async function startService(): Promise<JavaService> {
  try {
    const [java, distribution] = [await findJava(), await kafkaDistribution()];
    const classes = await compiledHelpers(java, distribution);
    return new JavaService(java, `${classes}:${distribution.classpath}`);
  } catch (error) {
    delete shared.service;
    throw error;
  }
}
