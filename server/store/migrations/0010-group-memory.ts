// What links have committed for consumer groups: by it, their own commits are told from somebody else's.
export const groupMemory = {
  number: 10,
  name: 'groupMemory',
  statements: [
    `create table groupMemory (
      linkId text not null references link (id) on delete cascade,
      groupName text not null,
      memory text not null,
      primary key (linkId, groupName)
    ) strict, without rowid`,
  ],
};
