// Keys with which consoles report to this server when it is a hub. Their names are those of the consoles here.
export const hubSenders = {
  number: 17,
  name: 'hub senders',
  statements: [
    `create table hubSender (
      id text primary key not null,
      console text not null,
      secretHash text not null,
      createdAtMs integer not null,
      createdBy text not null,
      revokedAtMs integer,
      lastUsedAtMs integer,
      lastUsedFrom text
    ) strict`,
    'create index hubSenderByConsole on hubSender (console)',
  ],
};
