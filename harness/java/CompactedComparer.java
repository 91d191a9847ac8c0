// Equality of compacted topics, whose two cleaners never run in step: each record of the source stands at its own
// offset in the mirror or a later record of its key does; the last value per key is equal; nothing else is visible
// unless the request allows it. Keeps 24 bytes for each record.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

final class CompactedComparer {
  /** The visible records of one partition as columns, and where each key stands last. */
  private static final class Column {
    int size;
    long[] offsets = new long[256];
    long[] contents = new long[256];
    long[] keys = new long[256];
    java.util.BitSet tombstones = new java.util.BitSet();
    final Map<Long, Integer> last = new HashMap<>();

    void add(ConsumerRecord<byte[], byte[]> record, RecordHash hash) {
      if (size == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * size);
        contents = Arrays.copyOf(contents, 2 * size);
        keys = Arrays.copyOf(keys, 2 * size);
      }
      offsets[size] = record.offset();
      contents[size] = hash.content(record);
      keys[size] = hash.key(record.key());
      tombstones.set(size, record.value() == null);
      last.put(keys[size], size);
      size++;
    }

    long lastOffset(long key) {
      Integer index = last.get(key);
      return index == null ? -1 : offsets[index];
    }

    boolean endsDeleted(long key) {
      Integer index = last.get(key);
      return index == null || tombstones.get(index);
    }
  }

  private final Side source;
  private final Side mirror;
  private final String level;
  private final boolean allowCopies;
  private final boolean allowCleanedAtSource;
  private final boolean allowExpiredTombstones;
  private final Long fillKey;
  private long records;
  private long superseded;
  private long fills;
  private long cleanedAtSource;
  private long expiredTombstones;

  private CompactedComparer(JsonNode request, Side source, Side mirror, String level) throws java.io.IOException {
    this.source = source;
    this.mirror = mirror;
    this.level = level;
    JsonNode allow = request.path("allow");
    allowCopies = allow.path("copies").asBoolean(false);
    allowCleanedAtSource = allow.path("cleanedAtSource").asBoolean(false);
    allowExpiredTombstones = allow.path("expiredTombstones").asBoolean(false);
    fillKey = allow.hasNonNull("fillKey") ? new RecordHash().key(allow.get("fillKey").binaryValue()) : null;
  }

  static void compare(JsonNode request, Side source, Side mirror, Map<Integer, TopicReader.Range> ranges, ObjectNode result)
      throws Exception {
    // Beyond the mirror's end, too: there stand the records that let the source's cleaner remove earlier ones.
    Map<Integer, TopicReader.Range> wide = new HashMap<>();
    ranges.forEach((p, r) -> wide.put(p, new TopicReader.Range(r.from(), source.stableEnds().get(p))));
    Map<Integer, Column> wanted = columns(source, true, wide);
    for (boolean committed : new boolean[] {true, false}) {
      CompactedComparer comparer =
          new CompactedComparer(request, source, mirror, committed ? "read_committed" : "read_uncommitted");
      Map<Integer, Column> seen = columns(mirror, committed, ranges);
      for (var range : ranges.entrySet())
        comparer.partition(range.getKey(), range.getValue(), wanted.getOrDefault(range.getKey(), new Column()),
            seen.getOrDefault(range.getKey(), new Column()));
      result.put("records", comparer.records).put("superseded", comparer.superseded).put("fills", comparer.fills)
          .put("cleanedAtSource", comparer.cleanedAtSource).put("expiredTombstones", comparer.expiredTombstones);
    }
  }

  private static Map<Integer, Column> columns(Side side, boolean committed, Map<Integer, TopicReader.Range> ranges) {
    Map<Integer, Column> columns = new HashMap<>();
    RecordHash hash = new RecordHash();
    TopicReader.read(side.bootstrap(), side.topic(), committed, ranges,
        record -> columns.computeIfAbsent(record.partition(), p -> new Column()).add(record, hash));
    return columns;
  }

  private void partition(int partition, TopicReader.Range range, Column s, Column m) throws Difference {
    int i = 0;
    int j = 0;
    while ((i < s.size && s.offsets[i] < range.to()) || j < m.size) {
      long sourceOffset = i < s.size && s.offsets[i] < range.to() ? s.offsets[i] : Long.MAX_VALUE;
      long mirrorOffset = j < m.size ? m.offsets[j] : Long.MAX_VALUE;
      if (sourceOffset == mirrorOffset) {
        if (s.contents[i] != m.contents[j]) throw difference("CHANGED", partition, range, sourceOffset, "different content");
        records++;
        i++;
        j++;
      } else if (sourceOffset < mirrorOffset) {
        if (!mayBeMissing(s, i, m))
          throw difference("MISSING", partition, range, sourceOffset,
              "the mirror shows neither this record of the source nor a later one of its key");
        records++;
        i++;
      } else {
        if (!mayBeExtra(s, i, m, j))
          throw difference("EXTRA", partition, range, mirrorOffset, "the mirror shows a record where the source shows none");
        j++;
      }
    }
    lastValues(partition, range, s, m);
  }

  private boolean mayBeMissing(Column s, int i, Column m) {
    if (m.lastOffset(s.keys[i]) > s.offsets[i]) {
      superseded++;
      return true;
    }
    if (!allowExpiredTombstones || !s.tombstones.get(i) || m.last.containsKey(s.keys[i])) return false;
    expiredTombstones++;
    return true;
  }

  private boolean mayBeExtra(Column s, int nextSource, Column m, int j) {
    long key = m.keys[j];
    boolean fill = (fillKey != null && key == fillKey && m.tombstones.get(j))
        || (allowCopies && nextSource < s.size && s.contents[nextSource] == m.contents[j]);
    if (fill) {
      fills++;
      return true;
    }
    boolean goneAtSource = s.lastOffset(key) > m.offsets[j] || m.tombstones.get(j)
        || (m.lastOffset(key) > m.offsets[j] && m.endsDeleted(key));
    if (!allowCleanedAtSource || !goneAtSource) return false;
    cleanedAtSource++;
    return true;
  }

  /** Keys whose last records stand at different offsets must both be deleted, or superseded beyond the mirror's end. */
  private void lastValues(int partition, TopicReader.Range range, Column s, Column m) throws Difference {
    for (var entry : m.last.entrySet()) {
      long key = entry.getKey();
      long inMirror = m.offsets[entry.getValue()];
      long inSource = s.lastOffset(key);
      boolean fine = inSource == inMirror || inSource >= range.to() || (s.endsDeleted(key) && m.endsDeleted(key));
      if (!fine)
        throw difference("LAST_VALUE", partition, range, Math.max(inMirror, inSource),
            "the last record of this key stands at " + inSource + " in the source and at " + inMirror + " in the mirror");
    }
    for (var entry : s.last.entrySet()) {
      long offset = s.offsets[entry.getValue()];
      if (offset < range.to() && !m.last.containsKey(entry.getKey()) && !s.tombstones.get(entry.getValue()))
        throw difference("LAST_VALUE", partition, range, offset, "the mirror shows no record of this key");
    }
  }

  private Difference difference(String kind, int partition, TopicReader.Range range, long offset, String what) {
    var look = new TopicReader.Range(offset, range.to());
    boolean committed = level.equals("read_committed");
    try (var left = new TopicReader.Cursor(source.bootstrap(), source.topic(), partition, true, look);
        var right = new TopicReader.Cursor(mirror.bootstrap(), mirror.topic(), partition, committed, look)) {
      ConsumerRecord<byte[], byte[]> s = left.next();
      ConsumerRecord<byte[], byte[]> m = right.next();
      if (kind.equals("CHANGED") && s != null && m != null) {
        Difference exact = Difference.between(s, m, level);
        if (exact != null) return exact;
      }
      return new Difference(kind, partition, offset, level, what).with(s, m);
    }
  }
}
