// What verification has found out, which must outlive the engine: how far each mirror was compared, sweeps that people started, and differences.
export const verification = {
  number: 8,
  name: 'what verification has found out',
  statements: [
    'alter table mirror add column verified text',
    'alter table mirror add column sweep text',
    `create table mirrorDifference (
      linkId text not null,
      topic text not null,
      partition integer not null,
      foundAtMs integer not null,
      report text not null,
      primary key (linkId, topic, partition),
      foreign key (linkId, topic) references mirror (linkId, topic) on delete cascade
    ) strict`,
  ],
};
