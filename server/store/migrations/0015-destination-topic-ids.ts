// Which topic of the destination a mirror is: one that was made anew under its name is another, also after a restart.
export const destinationTopicIds = {
  number: 15,
  name: 'destination topic ids',
  statements: ['alter table mirror add column destinationTopicId text'],
};
