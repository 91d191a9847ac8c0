// Is a mirror equal to its source? What the source shows at read_committed must be what the mirror shows at both
// isolation levels: running hashes first, and where they differ, record by record to the first difference.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

final class Comparer {
  private static final int ATTEMPTS = 3;

  /** The difference, or the counts. While either side moves under the comparison, it starts again. */
  static JsonNode compare(JsonNode request) throws Exception {
    for (int attempt = 1; ; attempt++) {
      // The mirror is looked at first: it is never ahead of what the source shows a moment later.
      Side mirror = Side.at(request.get("mirror"));
      Side source = Side.at(request.get("source"));
      try {
        return once(request, source, mirror);
      } catch (Difference difference) {
        if (attempt == ATTEMPTS || !moved(request, source, mirror))
          return Service.JSON.createObjectNode().set("difference", difference.json());
      } catch (OffsetOutOfRangeException retentionWasFaster) {
        if (attempt == ATTEMPTS) throw retentionWasFaster;
      }
    }
  }

  private static boolean moved(JsonNode request, Side source, Side mirror) throws Exception {
    return !Side.at(request.get("mirror")).sameOffsets(mirror) || !Side.at(request.get("source")).sameOffsets(source);
  }

  private static JsonNode once(JsonNode request, Side source, Side mirror) throws Exception {
    Map<Integer, TopicReader.Range> ranges = ranges(request, source, mirror);
    ObjectNode result = Service.JSON.createObjectNode().put("partitions", ranges.size());
    ObjectNode shown = result.putObject("ranges");
    ranges.forEach((p, r) -> shown.putObject(p.toString()).put("from", String.valueOf(r.from())).put("to", String.valueOf(r.to())));
    if (request.path("compacted").asBoolean(false)) CompactedComparer.compare(request, source, mirror, ranges, result);
    else result.put("records", plain(source, mirror, ranges, behind(request.path("turnedAt"), ranges)));
    return result;
  }

  /** [the higher of both starts, the mirror's end) of each partition. */
  private static Map<Integer, TopicReader.Range> ranges(JsonNode request, Side source, Side mirror) throws Difference {
    String expectedEnd = request.path("expectMirrorEnd").asText("equal");
    if (!source.ends().keySet().equals(mirror.ends().keySet()))
      throw new Difference("PARTITIONS", -1, -1, "both",
          "the source has " + source.ends().size() + " partitions, the mirror " + mirror.ends().size());
    Map<Integer, TopicReader.Range> ranges = new TreeMap<>();
    for (int p : source.ends().keySet()) {
      long end = mirror.ends().get(p);
      long stable = source.stableEnds().get(p);
      if (!mirror.stableEnds().get(p).equals(end))
        throw new Difference("OPEN_TRANSACTION", p, mirror.stableEnds().get(p), "read_committed",
            "the mirror's last stable offset stands before its end " + end);
      if (expectedEnd.equals("equal") ? end != stable : expectedEnd.equals("atMost") && end > stable)
        throw new Difference("END", p, end, "both",
            "the mirror ends at " + end + ", the source's last stable offset is " + stable);
      if (request.path("expectMirrorStart").asText("any").equals("equal")
          && !mirror.starts().get(p).equals(source.starts().get(p)))
        throw new Difference("START", p, mirror.starts().get(p), "both",
            "the mirror starts at " + mirror.starts().get(p) + ", the source at " + source.starts().get(p));
      long to = Math.min(end, stable);
      ranges.put(p, new TopicReader.Range(Math.min(to, Math.max(source.starts().get(p), mirror.starts().get(p))), to));
    }
    return ranges;
  }

  /** Behind where a topic was turned round: in front of that it holds what its own transactions have left, at read_uncommitted only. */
  private static Map<Integer, TopicReader.Range> behind(JsonNode turnedAt, Map<Integer, TopicReader.Range> ranges) {
    if (!turnedAt.isObject()) return ranges;
    Map<Integer, TopicReader.Range> cut = new TreeMap<>();
    ranges.forEach((p, range) -> cut.put(p, new TopicReader.Range(
        Math.min(range.to(), Math.max(range.from(), Long.parseLong(turnedAt.path(p.toString()).asText("0")))), range.to())));
    return cut;
  }

  private record Digest(Map<Integer, long[]> chains, long records) {}

  private static long plain(
      Side source, Side mirror, Map<Integer, TopicReader.Range> ranges, Map<Integer, TopicReader.Range> uncommitted)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4, Service::daemon);
    try {
      Future<Digest> wanted = threads.submit(() -> digest(source, true, ranges));
      Future<Digest> behind = uncommitted == ranges ? wanted : threads.submit(() -> digest(source, true, uncommitted));
      List<Future<Digest>> seen = new ArrayList<>();
      seen.add(threads.submit(() -> digest(mirror, true, ranges)));
      seen.add(threads.submit(() -> digest(mirror, false, uncommitted)));
      for (int level = 0; level < 2; level++) {
        Map<Integer, long[]> chains = seen.get(level).get().chains();
        Future<Digest> right = level == 0 ? wanted : behind;
        for (var range : (level == 0 ? ranges : uncommitted).entrySet())
          if (!java.util.Arrays.equals(right.get().chains().get(range.getKey()), chains.get(range.getKey())))
            throw firstDifference(source, mirror, range.getKey(), level == 0, range.getValue());
      }
      return wanted.get().records();
    } catch (java.util.concurrent.ExecutionException error) {
      if (error.getCause() instanceof OffsetOutOfRangeException cause) throw cause;
      throw error;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Per partition: running hash and number of records. */
  static Digest digest(Side side, boolean committed, Map<Integer, TopicReader.Range> ranges) {
    Map<Integer, long[]> chains = new HashMap<>();
    RecordHash hash = new RecordHash();
    TopicReader.read(side.bootstrap(), side.topic(), committed, ranges, record -> {
      long[] chain = chains.computeIfAbsent(record.partition(), p -> new long[2]);
      chain[0] = RecordHash.chain(chain[0], record.offset(), hash.content(record));
      chain[1]++;
    });
    return new Digest(chains, chains.values().stream().mapToLong(c -> c[1]).sum());
  }

  private static Difference firstDifference(
      Side source, Side mirror, int partition, boolean committed, TopicReader.Range range) {
    String level = committed ? "read_committed" : "read_uncommitted";
    try (var left = new TopicReader.Cursor(source.bootstrap(), source.topic(), partition, true, range);
        var right = new TopicReader.Cursor(mirror.bootstrap(), mirror.topic(), partition, committed, range)) {
      for (;;) {
        ConsumerRecord<byte[], byte[]> s = left.next();
        ConsumerRecord<byte[], byte[]> m = right.next();
        if (s == null && m == null)
          return new Difference("UNSTABLE", partition, range.from(), level,
              "two reads of the same range showed different records");
        Difference difference = Difference.between(s, m, level);
        if (difference != null) return difference;
      }
    }
  }
}
