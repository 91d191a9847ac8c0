// Signs a connection in: SaslHandshake, then SaslAuthenticate until both sides are satisfied. The same at the start and when a session is renewed (KIP-152, KIP-368).
import type { Api } from '../api';
import { saslAuthenticate, saslHandshake } from '../apis/sasl';
import { ConnectError, errorName, KafkaError } from '../errors';
import { type SaslCredentials, type SaslExchange, SaslRefused } from './exchange';
import { oauthBearerExchange } from './oauthbearer';
import { plainExchange } from './plain';
import { scramExchange } from './scram';

/** Sends at once, past whatever is held back, and answers with a copy that stays valid. */
export type SendSasl = <Req, Res>(api: Api<Req, Res>, request: Req) => Promise<Res>;

const UNSUPPORTED_MECHANISM = 33;
const ILLEGAL_SASL_STATE = 34;

/** Everything that takes time before the first message: a token may have to be fetched. @throws ConnectError */
export async function prepareSignIn(credentials: SaslCredentials, where: string): Promise<SaslExchange> {
  try {
    switch (credentials.mechanism) {
      case 'PLAIN':
        return plainExchange(credentials);
      case 'OAUTHBEARER':
        return oauthBearerExchange(await credentials.token(), credentials.extensions);
      default:
        return scramExchange(credentials);
    }
  } catch (cause) {
    throw failure(
      where,
      credentials,
      (cause as Error).message,
      cause instanceof KafkaError && cause.retriable,
      cause,
    );
  }
}

/**
 * @returns how long the session lasts in ms; null when the broker sets no limit
 * @throws ConnectError of the stage SASL, retriable when the broker did not say no
 */
export async function signIn(
  send: SendSasl,
  credentials: SaslCredentials,
  exchange: SaslExchange,
  where: string,
): Promise<number | null> {
  try {
    const { mechanism } = credentials;
    const handshake = await send(saslHandshake, { mechanism });
    if (handshake.errorCode !== 0) throw refusedHandshake(where, mechanism, handshake);
    let message: Buffer | null = exchange.first();
    let lifetimeMs = 0n;
    while (message !== null) {
      const answer: SaslAnswer = await send(saslAuthenticate, { authBytes: message });
      if (answer.errorCode !== 0)
        throw failure(where, credentials, answer.errorMessage ?? errorName(answer.errorCode), false);
      lifetimeMs = answer.sessionLifetimeMs;
      message = await exchange.next(answer.authBytes);
    }
    return lifetimeMs > 0n ? Number(lifetimeMs) : null;
  } catch (cause) {
    if (cause instanceof ConnectError) throw cause;
    if (cause instanceof SaslRefused) throw failure(where, credentials, cause.message, false, cause);
    throw new ConnectError(
      'SASL',
      where,
      `no SASL sign-in (${(cause as Error).message}); is this a SASL listener?`,
      {
        retriable: true,
        cause,
      },
    );
  }
}

type SaslAnswer = {
  errorCode: number;
  errorMessage: string | null;
  authBytes: Buffer;
  sessionLifetimeMs: bigint;
};

function refusedHandshake(
  where: string,
  mechanism: string,
  { errorCode, mechanisms }: { errorCode: number; mechanisms: string[] },
): ConnectError {
  const offered = mechanisms.join(', ') || 'none';
  const todo =
    errorCode === UNSUPPORTED_MECHANISM
      ? `the broker offers ${offered}`
      : errorCode === ILLEGAL_SASL_STATE
        ? 'is this a listener without SASL?'
        : `the broker offers ${offered}`;
  return new ConnectError(
    'SASL',
    where,
    `SASL mechanism ${mechanism} is refused (${errorName(errorCode)}); ${todo}`,
    { retriable: false },
  );
}

function failure(
  where: string,
  credentials: SaslCredentials,
  reason: string,
  retriable: boolean,
  cause?: unknown,
): ConnectError {
  const [who, check] =
    credentials.mechanism === 'OAUTHBEARER'
      ? [credentials.clientId, 'client id, client secret and scope']
      : [credentials.username, 'user name and password'];
  const text = reason.replace(/\.$/, '');
  return new ConnectError(
    'SASL',
    where,
    `${credentials.mechanism} sign-in of ${who} failed: ${text}${retriable ? '' : `; check ${check} of this cluster`}`,
    { retriable, cause },
  );
}
