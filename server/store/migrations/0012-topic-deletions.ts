// Topics that are to be deleted on a cluster, by id. They outlive the link that mirrored them: a deletion is carried on until it is done.
export const topicDeletions = {
  number: 12,
  name: 'topic deletions',
  statements: [
    `create table topicDeletion (
      clusterId text not null,
      topic text not null,
      topicId text not null,
      cluster text not null,
      linkId text not null,
      link text not null,
      actor text not null,
      auditOperationId text not null,
      askedAtMs integer not null,
      primary key (clusterId, topic)
    ) strict`,
  ],
};
