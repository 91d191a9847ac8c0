// The Kafka releases that the full test run mirrors from and to, beside the harness's own: the newest of each kind, back to the
// oldest that is supported (3.0.2, with ZooKeeper). Tests of versions go through this list.
export const OTHER_KAFKA_VERSIONS = ['4.1.0', '4.0.0', '3.9.1', '3.3.2', '3.0.2'] as const;
