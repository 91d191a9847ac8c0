// Topics, offsets, configs and groups through Kafka's own AdminClient. Changes return when they can be seen.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

final class TopicAdmin {
  private static final long IDLE_MS = 20_000;
  private static final long VISIBLE_LIMIT_MS = 60_000;

  private static final class Client {
    final Admin admin;
    int users;
    long idleSince;

    Client(String bootstrap) {
      admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", "60000",
          "reconnect.backoff.max.ms", "200", "retry.backoff.max.ms", "200"));
    }
  }

  interface Use<T> {
    T with(Admin admin) throws Exception;
  }

  private static final Map<String, Client> clients = new HashMap<>();

  /** Clients are shared, and closed some time after their last use, since clusters of tests come and go. */
  static <T> T using(String bootstrap, Use<T> use) throws Exception {
    Client client;
    List<Client> stale = new ArrayList<>();
    synchronized (clients) {
      clients.values().removeIf(c -> {
        boolean old = c.users == 0 && System.currentTimeMillis() - c.idleSince > IDLE_MS;
        if (old) stale.add(c);
        return old;
      });
      client = clients.computeIfAbsent(bootstrap, Client::new);
      client.users++;
    }
    for (Client c : stale) c.admin.close(Duration.ZERO);
    try {
      return use.with(client.admin);
    } finally {
      synchronized (clients) {
        client.users--;
        client.idleSince = System.currentTimeMillis();
      }
    }
  }

  void register(Map<String, Service.Operation> operations) {
    add(operations, "createTopic", TopicAdmin::createTopic);
    add(operations, "deleteTopic", TopicAdmin::deleteTopic);
    add(operations, "createPartitions", (admin, r) -> {
      int count = r.get("partitions").asInt();
      admin.createPartitions(Map.of(Service.text(r, "topic"), NewPartitions.increaseTo(count))).all().get();
      awaitLeaders(admin, Service.text(r, "topic"), count);
      return Service.done();
    });
    add(operations, "describeTopic", (admin, r) -> describe(admin, Service.text(r, "topic")));
    add(operations, "deleteRecords", TopicAdmin::deleteRecords);
    add(operations, "listOffsets", (admin, r) -> {
      boolean committed = r.path("isolation").asText("read_uncommitted").equals("read_committed");
      JsonNode at = r.path("at");
      OffsetSpec spec = at.isNumber() ? OffsetSpec.forTimestamp(at.asLong())
          : at.asText().equals("earliest") ? OffsetSpec.earliest() : OffsetSpec.latest();
      ObjectNode offsets = Service.JSON.createObjectNode();
      offsets(admin, Service.text(r, "topic"), spec, committed).forEach((p, o) -> offsets.put(p.toString(), o.toString()));
      return offsets;
    });
    add(operations, "alterConfig", TopicAdmin::alterConfig);
    add(operations, "describeConfig", (admin, r) -> {
      ConfigResource resource = resource(r);
      ObjectNode values = Service.JSON.createObjectNode();
      admin.describeConfigs(List.of(resource)).all().get().get(resource).entries()
          .forEach(e -> values.put(e.name(), e.value()));
      return values;
    });
    add(operations, "commitGroupOffsets", (admin, r) -> {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      r.get("offsets").properties().forEach(e -> offsets.put(
          new TopicPartition(Service.text(r, "topic"), Integer.parseInt(e.getKey())),
          new OffsetAndMetadata(e.getValue().asLong(), Optional.empty(), r.path("metadata").asText(""))));
      admin.alterConsumerGroupOffsets(Service.text(r, "group"), offsets).all().get();
      return Service.done();
    });
    add(operations, "deleteGroupOffsets", (admin, r) -> {
      java.util.Set<TopicPartition> partitions = new java.util.HashSet<>();
      r.get("partitions").forEach(p -> partitions.add(new TopicPartition(Service.text(r, "topic"), p.asInt())));
      admin.deleteConsumerGroupOffsets(Service.text(r, "group"), partitions).all().get();
      return Service.done();
    });
    add(operations, "listGroupOffsets", (admin, r) -> {
      ObjectNode topics = Service.JSON.createObjectNode();
      admin.listConsumerGroupOffsets(Service.text(r, "group")).partitionsToOffsetAndMetadata().get()
          .forEach((tp, offset) -> {
            if (offset != null) topics.withObject("/" + tp.topic()).putObject(String.valueOf(tp.partition()))
                .put("offset", String.valueOf(offset.offset())).put("metadata", offset.metadata())
                .put("leaderEpoch", offset.leaderEpoch().orElse(-1));
          });
      return topics;
    });
    add(operations, "describeProducers", TopicAdmin::describeProducers);
  }

  private interface AdminOperation {
    JsonNode run(Admin admin, JsonNode request) throws Exception;
  }

  private static void add(Map<String, Service.Operation> operations, String name, AdminOperation operation) {
    operations.put(name, r -> using(Service.text(r, "bootstrap"), admin -> operation.run(admin, r)));
  }

  private static JsonNode createTopic(Admin admin, JsonNode r) throws Exception {
    String name = Service.text(r, "topic");
    int partitions = r.path("partitions").asInt(1);
    NewTopic topic;
    if (r.hasNonNull("assignments")) {
      Map<Integer, List<Integer>> assignments = new TreeMap<>();
      r.get("assignments").forEach(replicas -> {
        List<Integer> ids = new ArrayList<>();
        replicas.forEach(id -> ids.add(id.asInt()));
        assignments.put(assignments.size(), ids);
      });
      topic = new NewTopic(name, assignments);
      partitions = assignments.size();
    } else {
      topic = new NewTopic(name, partitions, (short) r.path("replicationFactor").asInt(1));
    }
    admin.createTopics(List.of(topic.configs(Service.strings(r.get("configs"))))).all().get();
    return shown(awaitLeaders(admin, name, partitions));
  }

  private static JsonNode deleteTopic(Admin admin, JsonNode r) throws Exception {
    String name = Service.text(r, "topic");
    admin.deleteTopics(List.of(name)).all().get();
    await(() -> {
      try {
        admin.describeTopics(List.of(name)).allTopicNames().get();
        return false;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) return true;
        throw e;
      }
    }, "topic " + name + " is still there after its deletion");
    return Service.done();
  }

  private static JsonNode deleteRecords(Admin admin, JsonNode r) throws Exception {
    String topic = Service.text(r, "topic");
    Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
    r.get("before").properties().forEach(e -> before.put(
        new TopicPartition(topic, Integer.parseInt(e.getKey())), RecordsToDelete.beforeOffset(e.getValue().asLong())));
    ObjectNode starts = Service.JSON.createObjectNode();
    for (var e : admin.deleteRecords(before).lowWatermarks().entrySet())
      starts.put(String.valueOf(e.getKey().partition()), String.valueOf(e.getValue().get().lowWatermark()));
    return starts;
  }

  private static ConfigResource resource(JsonNode r) {
    return r.hasNonNull("topic") ? new ConfigResource(ConfigResource.Type.TOPIC, r.get("topic").asText())
        : new ConfigResource(ConfigResource.Type.BROKER, r.path("broker").asText(""));
  }

  /** A null value takes the setting back to its default. Returns when describing shows the new values. */
  private static JsonNode alterConfig(Admin admin, JsonNode r) throws Exception {
    ConfigResource resource = resource(r);
    Map<String, String> wanted = new HashMap<>();
    Collection<AlterConfigOp> changes = new ArrayList<>();
    r.get("configs").properties().forEach(e -> {
      boolean delete = e.getValue().isNull();
      if (!delete) wanted.put(e.getKey(), e.getValue().asText());
      changes.add(new AlterConfigOp(new ConfigEntry(e.getKey(), delete ? "" : e.getValue().asText()),
          delete ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET));
    });
    admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
    await(() -> {
      var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      return wanted.entrySet().stream().allMatch(e -> {
        ConfigEntry entry = config.get(e.getKey());
        return entry != null && (entry.isSensitive() || e.getValue().equals(entry.value()));
      });
    }, "the new settings of " + resource + " are not in force");
    return Service.done();
  }

  private static JsonNode describe(Admin admin, String topic) throws Exception {
    return shown(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
  }

  private static JsonNode shown(TopicDescription description) {
    ObjectNode node = Service.JSON.createObjectNode().put("topicId", description.topicId().toString());
    ArrayNode partitions = node.putArray("partitions");
    description.partitions().forEach(p -> {
      ObjectNode partition = partitions.addObject().put("partition", p.partition());
      partition.put("leader", p.leader() == null || p.leader().isEmpty() ? -1 : p.leader().id());
      ArrayNode replicas = partition.putArray("replicas");
      p.replicas().forEach(n -> replicas.add(n.id()));
      ArrayNode isr = partition.putArray("isr");
      p.isr().forEach(n -> isr.add(n.id()));
    });
    return node;
  }

  private static JsonNode describeProducers(Admin admin, JsonNode r) throws Exception {
    TopicPartition tp = new TopicPartition(Service.text(r, "topic"), r.get("partition").asInt());
    ArrayNode producers = Service.JSON.createArrayNode();
    admin.describeProducers(List.of(tp)).partitionResult(tp).get().activeProducers().forEach(p -> producers.addObject()
        .put("producerId", String.valueOf(p.producerId())).put("producerEpoch", p.producerEpoch())
        .put("lastSequence", p.lastSequence()).put("lastTimestamp", p.lastTimestamp())
        .put("transactionStartOffset", p.currentTransactionStartOffset().isPresent()
            ? String.valueOf(p.currentTransactionStartOffset().getAsLong()) : null));
    return producers;
  }

  static Map<Integer, Long> offsets(Admin admin, String topic, OffsetSpec spec, boolean committed) throws Exception {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (var p : admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions())
      wanted.put(new TopicPartition(topic, p.partition()), spec);
    ListOffsetsOptions options = new ListOffsetsOptions(
        committed ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED);
    Map<Integer, Long> offsets = new TreeMap<>();
    admin.listOffsets(wanted, options).all().get().forEach((tp, info) -> offsets.put(tp.partition(), info.offset()));
    return offsets;
  }

  /** @return the topic as the broker has described it that knows all its leaders; another may lag behind, and not know it yet */
  private static TopicDescription awaitLeaders(Admin admin, String topic, int partitions) throws Exception {
    TopicDescription[] seen = new TopicDescription[1];
    await(() -> {
      try {
        TopicDescription d = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
        if (d.partitions().size() != partitions || d.partitions().stream().anyMatch(p -> p.leader() == null)) return false;
        // Every leader answers for its partitions: the first request of a test must not meet a broker that lags behind.
        offsets(admin, topic, OffsetSpec.earliest(), false);
        seen[0] = d;
        return true;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) return false;
        throw e;
      }
    }, "topic " + topic + " does not have " + partitions + " partitions with leaders");
    return seen[0];
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  static void await(Condition condition, String otherwise) throws Exception {
    long deadline = System.currentTimeMillis() + VISIBLE_LIMIT_MS;
    while (!condition.holds()) {
      if (System.currentTimeMillis() > deadline)
        throw new IllegalStateException("After " + VISIBLE_LIMIT_MS + " ms " + otherwise);
      Thread.sleep(10);
    }
  }
}
