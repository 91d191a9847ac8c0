// The dialler for libraries that make their requests with node:http, such as the OpenID client: same addresses, same checks, for http and https.
import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { openConnection, resolveAll } from './connect';
import { outgoingPolicy } from './dial';

type Created = (error: Error | null, stream: Duplex) => void;

/** Limits of time and size are the library's own; this ends a connection that doesn't come about. */
const connectLimitMs = 15_000;

class OutgoingAgent extends Agent {
  /** Without a protocol of its own, an agent is taken for both. */
  readonly protocol = undefined;

  // The way of node:http for connections that take a while: nothing is returned, the callback gets the socket.
  override createConnection(options: ClientRequestArgs, created?: Created): undefined {
    const target = {
      host: (options.host ?? '').replace(/^\[|\]$/g, ''),
      port: Number(options.port),
      tls: options.protocol === 'https:' ? { ca: pemOf(options) } : null,
      needsTls: true,
      policy: outgoingPolicy(),
      resolve: resolveAll,
    };
    openConnection(target, AbortSignal.timeout(connectLimitMs)).then(
      (socket) => created?.(null, socket),
      // The type asks for a stream also where there is none.
      (error: Error) => created?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  }
}

export const outgoingAgent: Agent = new OutgoingAgent();

/** Options of https.request, which the type of the base class does not know. */
function pemOf(options: ClientRequestArgs & { ca?: unknown }): string | undefined {
  return typeof options.ca === 'string' ? options.ca : undefined;
}
