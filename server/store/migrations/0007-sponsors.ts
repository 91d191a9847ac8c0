// Who has had an account in hand since somebody independent vouched for it. Null for accounts from before: they count as they did.
export const sponsors = {
  number: 7,
  name: 'administrators who had an account in hand',
  statements: ['alter table person add column sponsors text'],
};
