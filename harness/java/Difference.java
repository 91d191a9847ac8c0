// The first difference between a source and its mirror, with both records.
package landbridge.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.StringJoiner;
import org.apache.kafka.clients.consumer.ConsumerRecord;

final class Difference extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ObjectNode json;

  Difference(String kind, int partition, long offset, String isolation, String what) {
    super(what);
    json = Service.JSON.createObjectNode().put("kind", kind).put("partition", partition)
        .put("offset", String.valueOf(offset)).put("isolation", isolation).put("what", what);
  }

  Difference with(ConsumerRecord<byte[], byte[]> source, ConsumerRecord<byte[], byte[]> mirror) {
    json.set("source", Reading.view(source));
    json.set("mirror", Reading.view(mirror));
    return this;
  }

  ObjectNode json() {
    return json;
  }

  /** Compares what stands next on each side. @return null when the two are the same record */
  static Difference between(ConsumerRecord<byte[], byte[]> source, ConsumerRecord<byte[], byte[]> mirror, String isolation) {
    if (source == null || (mirror != null && mirror.offset() < source.offset()))
      return new Difference("EXTRA", mirror.partition(), mirror.offset(), isolation,
          "the mirror shows a record where the source shows none").with(source, mirror);
    if (mirror == null || source.offset() < mirror.offset())
      return new Difference("MISSING", source.partition(), source.offset(), isolation,
          "the mirror does not show this record of the source").with(source, mirror);
    StringJoiner fields = new StringJoiner(", ");
    if (source.timestamp() != mirror.timestamp()) fields.add("timestamp");
    if (!Arrays.equals(source.key(), mirror.key())) fields.add("key");
    if (!Arrays.equals(source.value(), mirror.value())) fields.add("value");
    if (!Arrays.equals(source.headers().toArray(), mirror.headers().toArray())) fields.add("headers");
    if (fields.length() == 0) return null;
    return new Difference("CHANGED", source.partition(), source.offset(), isolation, "different " + fields)
        .with(source, mirror);
  }
}
