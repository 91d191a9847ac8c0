import { describe, expect, it } from 'vitest';
import type { Api } from '../api';
import { saslAuthenticate } from '../apis/sasl';
import { ConnectError, KafkaError, TimeoutError } from '../errors';
import type { SaslCredentials } from './exchange';
import { prepareSignIn, type SendSasl, signIn } from './sign-in';

type Answer = { errorCode?: number; errorMessage?: string | null; authBytes?: Buffer; lifetimeMs?: bigint };

/** A broker that says these things, one after the other; `said` is what it heard. */
function broker(answers: Answer[], mechanisms = ['PLAIN']) {
  const said: string[] = [];
  const send: SendSasl = async <Req, Res>(api: Api<Req, Res>, request: Req): Promise<Res> => {
    if ((api.key as number) !== saslAuthenticate.key) {
      const { mechanism } = request as { mechanism: string };
      return { errorCode: mechanisms.includes(mechanism) ? 0 : 33, mechanisms } as Res;
    }
    said.push((request as { authBytes: Buffer }).authBytes.toString());
    const {
      errorCode = 0,
      errorMessage = null,
      authBytes = Buffer.alloc(0),
      lifetimeMs = 0n,
    } = answers.shift() ?? {};
    return { errorCode, errorMessage, authBytes, sessionLifetimeMs: lifetimeMs } as Res;
  };
  return { said, send };
}

const alice: SaslCredentials = { mechanism: 'PLAIN', username: 'alice', password: 'secret' };
const bearer = (token: () => Promise<string>): SaslCredentials => ({
  mechanism: 'OAUTHBEARER',
  clientId: 'carol',
  token,
  extensions: { logicalCluster: 'lkc-1' },
});
const TOKEN = 'eyJhbGciOiJub25lIn0.e30.sig-nature_';

async function outcome(credentials: SaslCredentials, { send }: { send: SendSasl }): Promise<unknown> {
  try {
    return await signIn(send, credentials, await prepareSignIn(credentials, 'broker 1'), 'broker 1');
  } catch (error) {
    return error;
  }
}

describe('signing in', () => {
  it('tells how long the session lasts, and null when the broker sets no limit', async () => {
    expect(await outcome(alice, broker([{ lifetimeMs: 3_600_000n }]))).toBe(3_600_000);
    expect(await outcome(alice, broker([{}]))).toBeNull();
  });

  it('names mechanism, broker and user when the broker says no, and never the password', async () => {
    const error = await outcome(
      alice,
      broker([{ errorCode: 58, errorMessage: 'Invalid username or password' }]),
    );
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ stage: 'SASL', retriable: false });
    expect((error as Error).message).toBe(
      'broker 1: PLAIN sign-in of alice failed: Invalid username or password; check user name and password of this cluster',
    );
    expect((error as Error).message).not.toContain('secret');
  });

  it('names the mechanisms that the broker offers instead', async () => {
    const error = await outcome(alice, broker([], ['SCRAM-SHA-512', 'GSSAPI']));
    expect(error).toMatchObject({ stage: 'SASL', retriable: false });
    expect((error as Error).message).toContain(
      'PLAIN is refused (UNSUPPORTED_SASL_MECHANISM); the broker offers SCRAM-SHA-512, GSSAPI',
    );
  });

  it('can try again when the broker did not say no', async () => {
    const silent: SendSasl = () => Promise.reject(new TimeoutError('broker 1', 'SaslHandshake', 10));
    expect(await outcome(alice, { send: silent })).toMatchObject({ stage: 'SASL', retriable: true });
  });

  it('refuses a user name that would end the message of PLAIN', async () => {
    const error = await outcome({ ...alice, username: 'a\0b' }, broker([]));
    expect(error).toMatchObject({ stage: 'SASL', retriable: false });
  });
});

describe('OAUTHBEARER', () => {
  it('sends the token with its extensions', async () => {
    const answering = broker([{ lifetimeMs: 60_000n }], ['OAUTHBEARER']);
    expect(
      await outcome(
        bearer(async () => TOKEN),
        answering,
      ),
    ).toBe(60_000);
    expect(answering.said).toEqual([`n,,\x01auth=Bearer ${TOKEN}\x01logicalCluster=lkc-1\x01\x01`]);
  });

  it("shows the broker's reason, and never the token", async () => {
    const refusing = broker(
      [
        { authBytes: Buffer.from('{"status":"invalid_token"}') },
        { errorCode: 58, errorMessage: '{"status":"invalid_token"}' },
      ],
      ['OAUTHBEARER'],
    );
    const error = await outcome(
      bearer(async () => TOKEN),
      refusing,
    );
    expect(refusing.said[1]).toBe('\x01');
    expect((error as Error).message).toBe(
      'broker 1: OAUTHBEARER sign-in of carol failed: {"status":"invalid_token"}; check client id, client secret and scope of this cluster',
    );
    expect((error as Error).message).not.toContain('eyJ');
  });

  it('takes no token that could end its field', async () => {
    for (const token of ['a\x01user=admin', 'a b', ''])
      expect(
        await outcome(
          bearer(async () => token),
          broker([], ['OAUTHBEARER']),
        ),
      ).toMatchObject({ stage: 'SASL' });
  });

  it('can try again when the token endpoint could not be asked, and not when it said no', async () => {
    for (const retriable of [true, false]) {
      const failing = bearer(() =>
        Promise.reject(new KafkaError('the token endpoint answers 503', { retriable })),
      );
      const error = await outcome(failing, broker([], ['OAUTHBEARER']));
      expect(error).toMatchObject({ stage: 'SASL', retriable });
      expect((error as Error).message).toContain('the token endpoint answers 503');
    }
  });
});
