// When the person behind a session last proved who they are. Null for sessions from before: they confirm nothing until the next sign-in.
export const authenticatedAt = {
  number: 5,
  name: 'when the person of a session last proved who they are',
  statements: ['alter table session add column authenticatedAtMs integer'],
};
