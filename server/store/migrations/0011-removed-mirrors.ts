// Topics that a person took off a link: AutoCreateMirror leaves them alone until somebody adds them again.
export const removedMirrors = {
  number: 11,
  name: 'removed mirrors',
  statements: [
    `create table removedMirror (
      linkId text not null references link (id) on delete cascade,
      sourceTopic text not null,
      topic text not null,
      atMs integer not null,
      actor text not null,
      primary key (linkId, sourceTopic)
    ) strict`,
  ],
};
