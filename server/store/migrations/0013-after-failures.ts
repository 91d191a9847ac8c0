// What people do after something went wrong: operations that make a topic anew keep what the next engine must know, mirrors the ranges accepted as lost.
export const afterFailures = {
  number: 13,
  name: 'after failures',
  statements: [
    'alter table operation add column remake text',
    'alter table mirror add column acceptedLosses text',
  ],
};
