// ACLs that links have added to their clusters. They outlive the mirror that they were added for, until the engine has taken them away.
export const heldAcls = {
  number: 9,
  name: 'held ACLs',
  statements: [
    `create table heldAcls (
      linkId text not null references link (id) on delete cascade,
      purpose text not null,
      name text not null,
      bindings text not null,
      primary key (linkId, purpose, name)
    ) strict`,
  ],
};
