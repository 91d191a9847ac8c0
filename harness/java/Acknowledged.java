// What brokers have acknowledged, per partition: count, first and last offset; and the first error.
package landbridge.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

final class Acknowledged implements Callback {
  private static final class Range {
    long count;
    long first = Long.MAX_VALUE;
    long last = -1;
  }

  private final TreeMap<Integer, Range> ranges = new TreeMap<>();
  private long count;
  private long failed;
  private Exception error;

  @Override
  public synchronized void onCompletion(RecordMetadata metadata, Exception failure) {
    if (failure != null) {
      failed++;
      if (error == null) error = failure;
      return;
    }
    count++;
    Range range = ranges.computeIfAbsent(metadata.partition(), p -> new Range());
    range.count++;
    range.first = Math.min(range.first, metadata.offset());
    range.last = Math.max(range.last, metadata.offset());
  }

  synchronized void orThrow() throws Exception {
    if (error != null) throw error;
  }

  synchronized ObjectNode json() {
    ObjectNode node = Service.JSON.createObjectNode().put("acknowledged", count).put("failed", failed)
        .put("error", error == null ? null : error.toString());
    ObjectNode partitions = node.putObject("partitions");
    ranges.forEach((p, r) -> partitions.putObject(p.toString()).put("count", r.count)
        .put("first", String.valueOf(r.first)).put("last", String.valueOf(r.last)));
    return node;
  }
}
