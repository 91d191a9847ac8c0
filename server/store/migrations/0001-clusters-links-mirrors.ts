// The first tables. A migration that has been released is never edited: what changes gets a new number.
export const clustersLinksMirrors = {
  number: 1,
  name: 'clusters, links, mirrors, link events, audit',
  statements: [
    `create table cluster (
      name text primary key,
      config text not null,
      createdAtMs integer not null,
      updatedAtMs integer not null
    ) strict`,
    `create table link (
      id text primary key,
      name text not null,
      source text not null,
      destination text not null,
      sourceClusterId text not null,
      destinationClusterId text not null,
      settings text not null,
      cleanStopEpoch integer,
      createdAtMs integer not null,
      unique (destination, name),
      unique (destinationClusterId, name)
    ) strict`,
    `create table mirror (
      linkId text not null references link (id) on delete cascade,
      topic text not null,
      sourceTopic text not null,
      options text not null,
      paused integer not null default 0,
      sourceTopicId text,
      starts text,
      created integer not null default 0,
      consistentAt integer,
      createdAtMs integer not null,
      primary key (linkId, topic)
    ) strict`,
    `create table linkEvent (
      id integer primary key autoincrement,
      linkId text not null references link (id) on delete cascade,
      atMs integer not null,
      topic text,
      partition integer,
      fromState text,
      toState text not null,
      message text,
      actor text not null
    ) strict`,
    'create index linkEventByLink on linkEvent (linkId, id)',
    'create index linkEventByTopic on linkEvent (linkId, topic, id)',
    `create table audit (
      id integer primary key autoincrement,
      operationId text not null,
      kind text not null,
      atMs integer not null,
      actor text not null,
      operation text not null,
      target text not null,
      details text,
      result text,
      message text
    ) strict`,
    'create index auditByOperation on audit (operationId)',
  ],
};
