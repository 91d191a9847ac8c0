// Operations that read: comparisons, single records for a close look, and counts of what a topic shows.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

final class Reading {
  void register(Map<String, Service.Operation> operations) {
    operations.put("compareTopics", Comparer::compare);
    operations.put("readRecords", Reading::readRecords);
    operations.put("summarize", Reading::summarize);
  }

  private static boolean committed(JsonNode r) {
    return r.path("isolation").asText("read_committed").equals("read_committed");
  }

  private static JsonNode readRecords(JsonNode r) throws Exception {
    Side side = Side.at(r);
    boolean committed = committed(r);
    int partition = r.path("partition").asInt(0);
    long from = r.hasNonNull("from") ? r.get("from").asLong() : side.starts().get(partition);
    long to = (committed ? side.stableEnds() : side.ends()).get(partition);
    int limit = r.path("limit").asInt(1000);
    ArrayNode records = Service.JSON.createArrayNode();
    var range = new TopicReader.Range(from, to);
    try (var cursor = new TopicReader.Cursor(side.bootstrap(), side.topic(), partition, committed, range)) {
      for (var record = cursor.next(); record != null && records.size() < limit; record = cursor.next())
        records.add(view(record));
    }
    return records;
  }

  private static final class Count {
    long records;
    long tombstones;
    long chain;
    final Set<Long> keys = new HashSet<>();
  }

  /** Per partition: offsets, number of visible records and of distinct keys, running hash. */
  private static JsonNode summarize(JsonNode r) throws Exception {
    Side side = Side.at(r);
    boolean committed = committed(r);
    boolean countKeys = r.path("countKeys").asBoolean(false);
    Map<Integer, TopicReader.Range> ranges = new HashMap<>();
    side.starts().forEach((p, start) ->
        ranges.put(p, new TopicReader.Range(start, (committed ? side.stableEnds() : side.ends()).get(p))));
    Map<Integer, Count> counts = new HashMap<>();
    RecordHash hash = new RecordHash();
    TopicReader.read(side.bootstrap(), side.topic(), committed, ranges, record -> {
      Count count = counts.computeIfAbsent(record.partition(), p -> new Count());
      count.records++;
      if (record.value() == null) count.tombstones++;
      if (countKeys) count.keys.add(hash.key(record.key()));
      count.chain = RecordHash.chain(count.chain, record.offset(), hash.content(record));
    });
    ObjectNode partitions = Service.JSON.createObjectNode();
    ranges.forEach((p, range) -> {
      Count count = counts.getOrDefault(p, new Count());
      partitions.putObject(p.toString()).put("start", String.valueOf(side.starts().get(p)))
          .put("stableEnd", String.valueOf(side.stableEnds().get(p))).put("end", String.valueOf(side.ends().get(p)))
          .put("records", count.records).put("tombstones", count.tombstones).put("keys", count.keys.size())
          .put("hash", Long.toHexString(count.chain));
    });
    return partitions;
  }

  static JsonNode view(ConsumerRecord<byte[], byte[]> record) {
    if (record == null) return Service.JSON.nullNode();
    ObjectNode node = Service.JSON.createObjectNode().put("partition", record.partition())
        .put("offset", String.valueOf(record.offset())).put("timestamp", record.timestamp())
        .put("timestampType", record.timestampType().toString());
    node.put("key", record.key()).put("value", record.value());
    ArrayNode headers = node.putArray("headers");
    for (Header header : record.headers()) headers.addArray().add(header.key()).add(header.value());
    return node;
  }
}
