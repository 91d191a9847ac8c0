// Kafka's own consumer in a group, behind handles: what it is given, its commits, and its leaving.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

final class Consumers {
  private final Map<Long, KafkaConsumer<byte[], byte[]>> open = new ConcurrentHashMap<>();
  private final AtomicLong handles = new AtomicLong();

  void register(Map<String, Service.Operation> operations) {
    operations.put("consumerOpen", r -> {
      KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config(r));
      consumer.subscribe(topics(r));
      long handle = handles.incrementAndGet();
      open.put(handle, consumer);
      return Service.JSON.createObjectNode().put("consumer", handle);
    });
    operations.put("consumerPoll", this::poll);
    operations.put("consumerCommit", r -> {
      get(r).commitSync();
      return Service.done();
    });
    operations.put("consumerClose", r -> {
      open.remove(r.get("consumer").asLong()).close();
      return Service.done();
    });
    operations.put("sharePoll", r -> {
      Map<String, Object> config = config(r);
      for (String key : List.of("auto.offset.reset", "enable.auto.commit", "group.protocol", "isolation.level")) config.remove(key);
      try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(config)) {
        consumer.subscribe(topics(r));
        long end = System.currentTimeMillis() + r.path("limitMs").asLong(10_000);
        int read = 0;
        while (read < r.path("count").asInt(1) && System.currentTimeMillis() < end) read += consumer.poll(Duration.ofMillis(100)).count();
        // What was polled last is acknowledged by this alone.
        consumer.commitSync();
        return Service.JSON.createObjectNode().put("read", read);
      }
    });
  }

  /** Polls until so many records have come, or none has for a while. */
  private JsonNode poll(JsonNode r) {
    KafkaConsumer<byte[], byte[]> consumer = get(r);
    int count = r.get("count").asInt();
    long idleMs = r.path("idleMs").asLong(10_000);
    ArrayNode records = Service.JSON.createArrayNode();
    long heard = System.currentTimeMillis();
    while (records.size() < count && System.currentTimeMillis() - heard < idleMs)
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
        heard = System.currentTimeMillis();
        ObjectNode node = records.addObject().put("topic", record.topic()).put("partition", record.partition());
        node.put("offset", String.valueOf(record.offset()));
        node.put("key", record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8));
      }
    return records;
  }

  private KafkaConsumer<byte[], byte[]> get(JsonNode r) {
    KafkaConsumer<byte[], byte[]> consumer = open.get(r.get("consumer").asLong());
    if (consumer == null) throw new IllegalArgumentException("No consumer " + r.get("consumer"));
    return consumer;
  }

  private static List<String> topics(JsonNode r) {
    List<String> topics = new ArrayList<>();
    r.get("topics").forEach(topic -> topics.add(topic.asText()));
    return topics;
  }

  private static Map<String, Object> config(JsonNode r) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", Service.text(r, "bootstrap"));
    config.put("group.id", Service.text(r, "group"));
    config.put("group.protocol", r.path("protocol").asText("classic"));
    config.put("isolation.level", r.path("isolation").asText("read_committed"));
    // A position that the log doesn't have must be seen, not mended.
    config.put("auto.offset.reset", r.path("reset").asText("none"));
    config.put("enable.auto.commit", false);
    config.put("max.poll.records", r.path("maxPollRecords").asInt(500));
    config.put("key.deserializer", ByteArrayDeserializer.class);
    config.put("value.deserializer", ByteArrayDeserializer.class);
    config.putAll(Service.strings(r.get("properties")));
    return config;
  }
}
