// SaslHandshake (17) and SaslAuthenticate (36): sign-in before anything else on a SASL listener.
//
// SaslHandshake v1 Request => mechanism (string); Response => error_code (int16) [mechanism (string)]
// SaslAuthenticate v1 Request => auth_bytes (bytes); Response => error_code (int16) error_message (nullable string) auth_bytes (bytes) session_lifetime_ms (int64)
import type { Api } from '../api';

export const saslHandshake: Api<{ mechanism: string }, { errorCode: number; mechanisms: string[] }> = {
  key: 17,
  name: 'SaslHandshake',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 99,
  throttle: null,
  encode: (w, request) => void w.string(request.mechanism),
  decode: (r) => ({ errorCode: r.int16(), mechanisms: r.array(() => r.string()) }),
};

export const saslAuthenticate: Api<
  { authBytes: Buffer },
  { errorCode: number; errorMessage: string | null; authBytes: Buffer; sessionLifetimeMs: bigint }
> = {
  key: 36,
  name: 'SaslAuthenticate',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 99,
  throttle: null,
  encode: (w, request) => void w.bytes(request.authBytes),
  decode(r) {
    const errorCode = r.int16();
    const errorMessage = r.nullableString();
    // A copy: the next message is made of it after the frame is gone.
    const authBytes = Buffer.from(r.nullableBytes() ?? []);
    return { errorCode, errorMessage, authBytes, sessionLifetimeMs: r.int64() };
  },
};
