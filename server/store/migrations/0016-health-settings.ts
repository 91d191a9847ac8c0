// What people have decided about health rules and alerts, one row each. Channels are sealed as a whole: their addresses are secrets, too.
export const healthSettings = {
  number: 16,
  name: 'health settings',
  statements: [
    `create table healthSetting (
      kind text not null,
      id text not null,
      value text not null,
      updatedAtMs integer not null,
      primary key (kind, id)
    ) strict`,
  ],
};
