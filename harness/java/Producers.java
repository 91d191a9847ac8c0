// Kafka's own producer behind handles: single records, generated ones, transactions step by step, background traffic.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

final class Producers {
  private final Map<Long, KafkaProducer<byte[], byte[]>> open = new ConcurrentHashMap<>();
  /** Handle → how it was opened. */
  private final Map<Long, JsonNode> openedWith = new ConcurrentHashMap<>();
  private final Map<Long, Traffic> traffic = new ConcurrentHashMap<>();
  private final AtomicLong handles = new AtomicLong();

  void register(Map<String, Service.Operation> operations) {
    operations.put("producerOpen", r -> {
      KafkaProducer<byte[], byte[]> producer = create(r);
      if (r.hasNonNull("transactionalId")) producer.initTransactions();
      long handle = handles.incrementAndGet();
      open.put(handle, producer);
      openedWith.put(handle, r);
      return Service.JSON.createObjectNode().put("producer", handle);
    });
    operations.put("producerSend", this::send);
    operations.put("producerGenerate", r -> generate(get(r), r));
    operations.put("producerStep", r -> {
      switch (Service.text(r, "step")) {
        case "begin" -> get(r).beginTransaction();
        case "commit" -> get(r).commitTransaction();
        case "abort" -> get(r).abortTransaction();
        case "flush" -> get(r).flush();
        case "close" -> close(r, Duration.ofMillis(Long.MAX_VALUE));
        // As after a crash: nothing is said to the coordinator, an open transaction stays open until it times out.
        case "abandon" -> close(r, Duration.ZERO);
        default -> throw new IllegalArgumentException("Unknown step " + r.get("step"));
      }
      return Service.done();
    });
    operations.put("produce", r -> {
      try (KafkaProducer<byte[], byte[]> producer = create(r)) {
        return generate(producer, r);
      }
    });
    operations.put("trafficStart", r -> {
      long handle = handles.incrementAndGet();
      traffic.put(handle, new Traffic(r));
      return Service.JSON.createObjectNode().put("traffic", handle);
    });
    operations.put("trafficSoFar", r -> traffic.get(r.get("traffic").asLong()).soFar());
    operations.put("trafficStop", r -> traffic.remove(r.get("traffic").asLong()).stop());
  }

  static KafkaProducer<byte[], byte[]> create(JsonNode r) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", Service.text(r, "bootstrap"));
    config.put("compression.type", r.path("codec").asText("none"));
    config.put("linger.ms", r.path("lingerMs").asInt(5));
    config.put("batch.size", r.path("batchBytes").asInt(16_384));
    config.put("max.request.size", 32 * 1024 * 1024);
    config.put("buffer.memory", 48 * 1024 * 1024);
    config.put("reconnect.backoff.max.ms", 200);
    config.put("retry.backoff.max.ms", 200);
    if (r.hasNonNull("acks")) config.put("acks", r.get("acks").asText());
    if (r.path("acks").asText("all").matches("0|1")) config.put("enable.idempotence", false);
    if (r.hasNonNull("transactionalId")) config.put("transactional.id", r.get("transactionalId").asText());
    config.putAll(Service.strings(r.get("properties")));
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private KafkaProducer<byte[], byte[]> get(JsonNode r) {
    KafkaProducer<byte[], byte[]> producer = open.get(r.get("producer").asLong());
    if (producer == null) throw new IllegalArgumentException("Producer " + r.get("producer") + " is closed");
    return producer;
  }

  private void close(JsonNode r, Duration patience) throws Exception {
    long handle = r.get("producer").asLong();
    open.remove(handle).close(patience);
    settled(openedWith.remove(handle));
  }

  /**
   * Waits until the markers of what a producer has ended are in the logs: the coordinator answers a commit before it writes them, and
   * whoever reads an end of the log in between takes it for the last one. A transaction that is open stays open.
   */
  static void settled(JsonNode opened) throws Exception {
    // The admin client has no credentials.
    if (!opened.hasNonNull("transactionalId") || opened.path("properties").has("security.protocol")) return;
    String id = Service.text(opened, "transactionalId");
    TopicAdmin.using(Service.text(opened, "bootstrap"), admin -> {
      TopicAdmin.await(() -> !endsNow(admin, id), "the transaction of " + id + " has not ended");
      return null;
    });
  }

  private static boolean endsNow(Admin admin, String id) throws Exception {
    try {
      TransactionState state = admin.describeTransactions(List.of(id)).description(id).get().state();
      return state == TransactionState.PREPARE_COMMIT || state == TransactionState.PREPARE_ABORT;
    } catch (ExecutionException error) {
      // Releases before 3.0 do not tell; and what the coordinator has forgotten is over.
      if (error.getCause() instanceof UnsupportedVersionException || error.getCause() instanceof TransactionalIdNotFoundException)
        return false;
      throw error;
    }
  }

  /** Sends the given records and answers their offsets once all are acknowledged. */
  private JsonNode send(JsonNode r) throws Exception {
    KafkaProducer<byte[], byte[]> producer = get(r);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (JsonNode one : r.get("records")) {
      List<Header> headers = new ArrayList<>();
      for (JsonNode h : one.path("headers")) headers.add(new RecordHeader(h.get(0).asText(), Service.bytes(h.get(1))));
      sent.add(producer.send(new ProducerRecord<>(Service.text(r, "topic"), one.path("partition").asInt(0),
          one.hasNonNull("timestamp") ? one.get("timestamp").asLong() : null,
          Service.bytes(one.get("key")), Service.bytes(one.get("value")), headers)));
      if (r.path("batchEach").asBoolean(false)) producer.flush();
    }
    producer.flush();
    ArrayNode offsets = Service.JSON.createArrayNode();
    for (Future<RecordMetadata> one : sent) offsets.add(String.valueOf(one.get().offset()));
    return offsets;
  }

  private static JsonNode generate(KafkaProducer<byte[], byte[]> producer, JsonNode r) throws Exception {
    JsonNode spec = r.get("records");
    GeneratedRecords records = new GeneratedRecords(spec, producer.partitionsFor(Service.text(spec, "topic")).size());
    long first = spec.path("firstIndex").asLong(0);
    long end = first + spec.get("count").asLong();
    long flushEvery = spec.path("flushEvery").asLong(Long.MAX_VALUE);
    Acknowledged acknowledged = new Acknowledged();
    for (long i = first; i < end; i++) {
      producer.send(records.record(i), acknowledged);
      if ((i - first + 1) % flushEvery == 0) producer.flush();
    }
    producer.flush();
    acknowledged.orThrow();
    return acknowledged.json();
  }
}
