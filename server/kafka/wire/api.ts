// What one Kafka API is to the connection: its key, the versions we speak, and how to write a request and read an answer.
import type { Reader } from './reader';
import type { Writer } from './writer';

export type Api<Request, Response> = {
  readonly key: number;
  readonly name: string;
  /** We use the highest version that both sides speak; a broker without `minVersion` is refused. */
  readonly minVersion: number;
  readonly maxVersion: number;
  /** First version with compact types and tagged fields, which also changes the headers. */
  readonly flexibleFrom: number;
  /** Where answers tell for how long a quota keeps the broker from reading this connection (KIP-219); null: they don't. */
  readonly throttle: 'first' | 'last' | null;
  encode(writer: Writer, request: Request, version: number): void;
  decode(reader: Reader, version: number): Response;
};

export type TopicPartition = { topic: string; partition: number };
