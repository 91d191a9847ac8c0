// For tests: the messages of opentelemetry-proto 1.x that a request with numbers has, read by another library than wrote them.
import protobuf from 'protobufjs';

const proto = `
syntax = "proto3";
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message InstrumentationScope { string name = 1; string version = 2; }
message ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
message Metric { string name = 1; string description = 2; string unit = 3; oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; } }
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated HistogramDataPoint data_points = 1; AggregationTemporality aggregation_temporality = 2; }
message HistogramDataPoint {
  repeated KeyValue attributes = 9; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
  optional double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7; uint32 flags = 10;
}
enum AggregationTemporality { UNSPECIFIED = 0; DELTA = 1; CUMULATIVE = 2; }
message NumberDataPoint {
  fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; sfixed64 as_int = 6; }
  repeated KeyValue attributes = 7; uint32 flags = 8;
}`;

type KeyValue = { key: string; value: { stringValue?: string } };
type Place = { startTimeUnixNano: string; timeUnixNano: string; attributes?: KeyValue[] };
type Point = Place & { asDouble: number };
/** JSON leaves out what is 0. */
type Buckets = Place & { count?: string; sum?: number; bucketCounts: string[]; explicitBounds: number[] };
type Metric = {
  name: string;
  description: string;
  unit?: string;
  gauge?: { dataPoints: Point[] };
  sum?: { dataPoints: Point[]; aggregationTemporality: string; isMonotonic: boolean };
  histogram?: { dataPoints: Buckets[]; aggregationTemporality: string };
};
/** The same in protobuf's JSON form. */
export type OtlpRequest = {
  resourceMetrics: {
    resource: { attributes: KeyValue[] };
    scopeMetrics: { scope: { name: string }; metrics: Metric[] }[];
  }[];
};

/** @throws when the bytes are not such a message */
export function decodeOtlp(bytes: Uint8Array): OtlpRequest {
  const type = protobuf.parse(proto).root.lookupType('ExportMetricsServiceRequest');
  return type.toObject(type.decode(bytes), { longs: String, enums: String, arrays: true }) as OtlpRequest;
}

export const attributesOf = (list: readonly KeyValue[] = []): Record<string, string | undefined> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue]));
