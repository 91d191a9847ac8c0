// The server.properties of a test broker: small, quick to start, impatient. Callers override any of them.
export type BrokerListener = {
  name: string;
  protocol: string;
  port: number;
  properties: Record<string, string>;
};

export type BrokerPropertiesInput = {
  id: number;
  dataDir: string;
  brokers: { id: number; port: number; controllerPort: number }[];
  /** Of a proxy that stands before the broker's plaintext listener. */
  advertisedPort?: number | undefined;
  /** Further listeners of this broker, already with their own properties. */
  extraListeners: BrokerListener[];
  /** host:port, for releases that are run with one instead of controllers. */
  zookeeper?: string | undefined;
  overrides: Record<string, string>;
};

export function brokerProperties(input: BrokerPropertiesInput): Record<string, string> {
  const { brokers, extraListeners } = input;
  const self = brokers.find((b) => b.id === input.id);
  if (!self) throw new Error(`Broker ${input.id} is not among ${brokers.map((b) => b.id).join(', ')}.`);
  const replicas = String(Math.min(3, brokers.length));
  const extra = extraListeners.map((l) => `${l.name}://127.0.0.1:${l.port}`);
  const listening = [`PLAINTEXT://127.0.0.1:${self.port}`, ...extra];
  const advertised = [`PLAINTEXT://127.0.0.1:${input.advertisedPort ?? self.port}`, ...extra];
  return {
    ...(input.zookeeper === undefined
      ? {
          'process.roles': 'broker,controller',
          'node.id': String(input.id),
          'controller.quorum.voters': brokers.map((b) => `${b.id}@127.0.0.1:${b.controllerPort}`).join(','),
          'controller.listener.names': 'CONTROLLER',
          listeners: [...listening, `CONTROLLER://127.0.0.1:${self.controllerPort}`].join(','),
        }
      : {
          'broker.id': String(input.id),
          'zookeeper.connect': input.zookeeper,
          'zookeeper.session.timeout.ms': '3000',
          listeners: listening.join(','),
        }),
    'log.dirs': input.dataDir,
    'inter.broker.listener.name': 'PLAINTEXT',
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT',
      // Of its own, whatever clients have to do: brokers and controllers trust each other here.
      ...(input.zookeeper === undefined ? ['CONTROLLER:PLAINTEXT'] : []),
      ...extraListeners.map((l) => `${l.name}:${l.protocol}`),
    ].join(','),
    ...Object.assign({}, ...extraListeners.map((l) => l.properties)),

    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': brokers.length > 1 ? '2' : '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'min.insync.replicas': '1',

    // Small: several brokers share two cores with the tests. The cleaner's default buffer alone is 128 MB.
    'num.network.threads': '2',
    'num.io.threads': '4',
    'num.replica.fetchers': '1',
    'background.threads': '2',
    'log.cleaner.threads': '1',
    'log.cleaner.dedupe.buffer.size': String(8 * 1024 * 1024),
    'log.cleaner.io.buffer.size': String(256 * 1024),

    // Impatient: cleaning, deletion and failover happen within a test's patience.
    'log.cleaner.backoff.ms': '200',
    'log.retention.check.interval.ms': '500',
    'log.initial.task.delay.ms': '500',
    'log.segment.delete.delay.ms': '500',
    ...(brokers.length > 1
      ? { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' }
      : { 'broker.heartbeat.interval.ms': '500' }),
    ...input.overrides,
  };
}

export function propertiesText(properties: Record<string, string>): string {
  return `${Object.entries(properties)
    .map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    .join('\n')}\n`;
}
