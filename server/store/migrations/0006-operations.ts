// Operations that end a mirror, and what a mirror keeps because of them: the open one, how it was stopped, and what was last seen of its source.
export const operations = {
  number: 6,
  name: 'operations',
  statements: [
    `create table operation (
      id text primary key,
      linkId text not null references link (id) on delete cascade,
      topic text not null,
      kind text not null,
      options text not null,
      reason text,
      actor text not null,
      auditOperationId text not null,
      startedAtMs integer not null,
      cancelAskedAtMs integer,
      fencingAtMs integer,
      endedAtMs integer,
      outcome text,
      message text,
      steps text not null,
      statement text
    ) strict`,
    'create index operationByLink on operation (linkId, startedAtMs)',
    'create index operationByTopic on operation (linkId, topic, startedAtMs)',
    // A mirror has one open operation at most.
    'create unique index operationOpen on operation (linkId, topic) where outcome is null',
    'alter table mirror add column advice text',
    'alter table mirror add column stopped text',
  ],
};
