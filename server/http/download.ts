// What a handler returns for an answer that is a file: streamed, so that its size does not matter.
export class Download {
  readonly body: ReadableStream<Uint8Array>;
  readonly contentType: string;
  /** Null: shown, not saved. */
  readonly fileName: string | null;

  constructor(options: { body: ReadableStream<Uint8Array>; contentType: string; fileName: string | null }) {
    this.body = options.body;
    this.contentType = options.contentType;
    this.fileName = options.fileName;
  }

  response(headers: Record<string, string>): Response {
    return new Response(this.body, {
      headers: {
        ...headers,
        'content-type': this.contentType,
        ...(this.fileName === null
          ? {}
          : { 'content-disposition': `attachment; filename="${this.fileName}"` }),
      },
    });
  }
}
