// How a topic that was a source came to be a mirror: it was turned round, and holds its records already.
export const turnedMirrors = {
  number: 14,
  name: 'turned mirrors',
  statements: ['alter table mirror add column turn text'],
};
