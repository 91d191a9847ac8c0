// The Kafka releases that the full test run mirrors from and to, beside the harness's own. Tests of versions go through this list.
export const OTHER_KAFKA_VERSIONS = ['4.1.0', '3.9.1', '3.3.2'] as const;
