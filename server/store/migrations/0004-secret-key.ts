// Which key the sealed values of this store belong to. The values themselves are sealed at the first start, which has the key (unlock.ts).
export const secretKey = {
  number: 4,
  name: 'the id of the key that secrets are sealed with',
  statements: [
    `create table secretKey (
      id integer primary key check (id = 1),
      keyId text not null,
      place text not null,
      sealedSinceMs integer
    ) strict`,
  ],
};
