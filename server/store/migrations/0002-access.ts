// People, their sessions, API keys and the second person's approvals. Secrets stand here hashed or sealed, never plain.
export const access = {
  number: 2,
  name: 'people, sessions, keys, approvals',
  statements: [
    `create table person (
      id text primary key,
      userName text not null,
      userNameFolded text not null unique,
      displayName text not null,
      issuer text,
      subject text,
      passwordHash text,
      grants text not null,
      grantsFrom text not null,
      disabled integer not null default 0,
      totpSecret text,
      createdAtMs integer not null,
      updatedAtMs integer not null,
      lastSignInAtMs integer,
      unique (issuer, subject)
    ) strict`,
    // The id is the SHA-256 of what the browser holds: whoever reads this table cannot take a session over.
    `create table session (
      id text primary key,
      personId text not null references person (id) on delete cascade,
      signedInAtMs integer not null,
      lastSeenAtMs integer not null,
      expiresAtMs integer not null,
      endedAtMs integer,
      endedWhy text,
      address text,
      userAgent text
    ) strict`,
    'create index sessionByPerson on session (personId)',
    // One row per account and per address: back-off after failures survives a restart.
    `create table signInFailure (
      subject text primary key,
      failures integer not null,
      lastAtMs integer not null
    ) strict`,
    // One-time links: the first administrator, an invitation, a new password, the demo's sign-in. The id is a SHA-256.
    `create table oneTimeLink (
      id text primary key,
      purpose text not null,
      personId text references person (id) on delete cascade,
      createdAtMs integer not null,
      expiresAtMs integer not null,
      usedAtMs integer
    ) strict`,
    `create table apiKey (
      id text primary key,
      name text not null,
      secretHash text not null,
      "grant" text not null,
      createdAtMs integer not null,
      createdBy text not null,
      expiresAtMs integer,
      revokedAtMs integer,
      lastUsedAtMs integer,
      lastUsedFrom text
    ) strict`,
    `create table approval (
      id text primary key,
      operation text not null,
      target text not null,
      request text not null,
      hash text not null,
      reason text,
      requestedBy text not null,
      requestedByName text not null,
      requestedAtMs integer not null,
      expiresAtMs integer not null,
      state text not null,
      decidedBy text,
      decidedByName text,
      decidedAtMs integer,
      usedAtMs integer
    ) strict`,
    'create index approvalByHash on approval (hash)',
  ],
};
