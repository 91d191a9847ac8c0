// What a SASL mechanism is to the connection: messages that go there and back until the broker is satisfied. Sends nothing itself.

/** One sign-in; made anew for each. */
export type SaslExchange = {
  /** The first message to the broker. */
  first(): Buffer;
  /** Takes a message of the broker. @returns the next one to it, null when nothing is left to say. @throws SaslRefused */
  next(challenge: Buffer): Promise<Buffer | null>;
};

/** The other side did not prove who it is, or asks for what must not be given. The message never holds a secret. */
export class SaslRefused extends Error {
  override name = 'SaslRefused';
}

export type PasswordCredentials = {
  mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  username: string;
  password: string;
};

export type TokenCredentials = {
  mechanism: 'OAUTHBEARER';
  /** For messages: who asks for the token. */
  clientId: string;
  /** A token that is good for a while. @throws KafkaError saying what the token endpoint answered */
  token: () => Promise<string>;
  extensions: Readonly<Record<string, string>>;
};

export type SaslCredentials = PasswordCredentials | TokenCredentials;
