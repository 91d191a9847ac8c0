// For tests: an address that takes OTLP over HTTP, keeps what came, and answers as a test decides.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeOtlp, type OtlpRequest } from '@/server/metrics/testing/otlp-proto';

export class OtlpReceiver {
  readonly requests: OtlpRequest[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  /** Asked, whether or not it was answered. */
  asked = 0;
  answer: (response: ServerResponse) => void = (response) => response.writeHead(200).end();
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver();
    await new Promise<void>((up) => receiver.#server.listen(0, '127.0.0.1', up));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/metrics?key=hidden`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    this.asked++;
    this.headers.push(request.headers);
    this.requests.push(decodeOtlp(gunzipSync(Buffer.concat(chunks))));
    this.answer(response);
  }
}
