// Reads ranges of offsets with Kafka's own consumer, without a group, exactly to their ends: also over offsets at the
// end that hold markers or aborted data, which no record shows.
package landbridge.harness;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

final class TopicReader {
  private static final long STUCK_MS = 20_000;

  record Range(long from, long to) {}

  interface Visitor {
    void visit(ConsumerRecord<byte[], byte[]> record);
  }

  static KafkaConsumer<byte[], byte[]> consumer(String bootstrap, boolean committed) {
    return new KafkaConsumer<>(Map.of(
        "bootstrap.servers", bootstrap, "isolation.level", committed ? "read_committed" : "read_uncommitted",
        "auto.offset.reset", "none", "enable.auto.commit", "false", "max.poll.records", "20000",
        "fetch.max.bytes", String.valueOf(16 << 20), "max.partition.fetch.bytes", String.valueOf(2 << 20),
        "fetch.max.wait.ms", "10", "reconnect.backoff.max.ms", "200"),
        new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Every visible record of the ranges, in offset order within each partition. */
  static void read(String bootstrap, String topic, boolean committed, Map<Integer, Range> ranges, Visitor visitor) {
    Map<TopicPartition, Range> left = new HashMap<>();
    ranges.forEach((p, r) -> {
      if (r.from() < r.to()) left.put(new TopicPartition(topic, p), r);
    });
    if (left.isEmpty()) return;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap, committed)) {
      consumer.assign(left.keySet());
      left.forEach((tp, r) -> consumer.seek(tp, r.from()));
      long movedAt = System.currentTimeMillis();
      Map<TopicPartition, Long> positions = new HashMap<>();
      while (!left.isEmpty()) {
        var batch = consumer.poll(Duration.ofMillis(200));
        for (TopicPartition tp : batch.partitions()) {
          Range range = left.get(tp);
          if (range != null)
            for (ConsumerRecord<byte[], byte[]> record : batch.records(tp))
              if (record.offset() < range.to()) visitor.visit(record);
        }
        Set<TopicPartition> finished = new HashSet<>();
        for (TopicPartition tp : left.keySet()) {
          long position = consumer.position(tp);
          Long before = positions.put(tp, position);
          if (before == null || before != position) movedAt = System.currentTimeMillis();
          if (position >= left.get(tp).to()) finished.add(tp);
        }
        if (!finished.isEmpty()) {
          left.keySet().removeAll(finished);
          consumer.pause(finished);
        }
        if (System.currentTimeMillis() - movedAt > STUCK_MS) throw stuck(left, positions, committed);
      }
    }
  }

  private static IllegalStateException stuck(
      Map<TopicPartition, Range> left, Map<TopicPartition, Long> positions, boolean committed) {
    TopicPartition tp = left.keySet().iterator().next();
    return new IllegalStateException("A consumer at " + (committed ? "read_committed" : "read_uncommitted") + " of " + tp
        + " has stood at offset " + positions.get(tp) + " for " + STUCK_MS + " ms; the end to reach is " + left.get(tp).to());
  }

  /** The visible records of one partition one by one, for a close look. */
  static final class Cursor implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition tp;
    private final Range range;
    private final boolean committed;
    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> ready = new ArrayDeque<>();

    Cursor(String bootstrap, String topic, int partition, boolean committed, Range range) {
      consumer = consumer(bootstrap, committed);
      tp = new TopicPartition(topic, partition);
      this.range = range;
      this.committed = committed;
      consumer.assign(List.of(tp));
      consumer.seek(tp, range.from());
    }

    /** @return null at the end of the range */
    ConsumerRecord<byte[], byte[]> next() {
      long deadline = System.currentTimeMillis() + STUCK_MS;
      while (ready.isEmpty()) {
        long position = consumer.position(tp);
        if (position >= range.to()) return null;
        if (System.currentTimeMillis() > deadline) throw stuck(Map.of(tp, range), Map.of(tp, position), committed);
        Collection<ConsumerRecord<byte[], byte[]>> batch = consumer.poll(Duration.ofMillis(200)).records(tp);
        for (ConsumerRecord<byte[], byte[]> record : batch) if (record.offset() < range.to()) ready.add(record);
      }
      return ready.poll();
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
