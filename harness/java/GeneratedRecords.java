// Records from a seed: record i of a seed is always the same, whoever makes it and whatever came before.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

final class GeneratedRecords {
  private static final int BLOCK = 1 << 20;
  private static final byte[] EMPTY = new byte[0];
  private static final String[] WORDS = {"order", "paid", "shipped", "north", "amount", "customer", "item", "EUR",
      "status", "pending", "refund", "basket", "0417", "2291", "86", "51.99", "12.50", "true", "null", "warehouse"};

  final String topic;
  private final long seed;
  private final int[] partitions;
  private final int keys;
  private final int minBytes;
  private final int maxBytes;
  private final double nullKeys;
  private final double nullValues;
  private final double emptyValues;
  private final int headers;
  private final long timestampStart;
  private final double timestampStepMs;
  private final byte[] block;

  /** @param partitionCount partitions of the topic, used when the spec names none */
  GeneratedRecords(JsonNode spec, int partitionCount) {
    topic = Service.text(spec, "topic");
    seed = spec.path("seed").asLong(1);
    int[] named = new int[spec.path("partitions").size()];
    for (int i = 0; i < named.length; i++) named[i] = spec.get("partitions").get(i).asInt();
    partitions = named.length > 0 ? named : java.util.stream.IntStream.range(0, partitionCount).toArray();
    keys = spec.path("keys").asInt(0);
    minBytes = spec.path("valueBytes").asInt(100);
    maxBytes = spec.path("maxValueBytes").asInt(minBytes);
    nullKeys = spec.path("nullKeyRatio").asDouble(0);
    nullValues = spec.path("nullValueRatio").asDouble(0);
    emptyValues = spec.path("emptyValueRatio").asDouble(0);
    headers = spec.path("headers").asInt(0);
    timestampStart = spec.path("timestampStart").asLong(-1);
    timestampStepMs = spec.path("timestampStepMs").asDouble(1);
    block = spec.path("incompressible").asBoolean(false) ? noise() : prose();
  }

  /** Keyed records of one key share a partition; the others go round. Without keys every key is null. */
  ProducerRecord<byte[], byte[]> record(long index) {
    SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index);
    byte[] key = null;
    int slot = (int) (index % partitions.length);
    if (keys > 0 && !(nullKeys > 0 && random.nextDouble() < nullKeys)) {
      int number = random.nextInt(keys);
      key = ("key-" + number).getBytes(StandardCharsets.UTF_8);
      slot = number % partitions.length;
    }
    Long timestamp = timestampStart < 0 ? null : timestampStart + (long) (index * timestampStepMs);
    return new ProducerRecord<>(topic, partitions[slot], timestamp, key, value(index, random), headers(index, random));
  }

  private byte[] value(long index, SplittableRandom random) {
    if (nullValues + emptyValues > 0) {
      double dice = random.nextDouble();
      if (dice < nullValues) return null;
      if (dice < nullValues + emptyValues) return EMPTY;
    }
    int size = maxBytes > minBytes ? random.nextInt(minBytes, maxBytes + 1) : minBytes;
    byte[] value = new byte[size];
    byte[] start = Long.toString(index).getBytes(StandardCharsets.UTF_8);
    int at = Math.min(start.length, size);
    System.arraycopy(start, 0, value, 0, at);
    while (at < size) {
      int from = random.nextInt(BLOCK);
      int length = Math.min(size - at, BLOCK - from);
      System.arraycopy(block, from, value, at, length);
      at += length;
    }
    return value;
  }

  private List<Header> headers(long index, SplittableRandom random) {
    if (headers == 0) return List.of();
    Header[] all = new Header[headers];
    for (int h = 0; h < headers; h++) {
      int kind = random.nextInt(8); // one header in eight has no value, one in eight an empty one; names repeat
      byte[] value = kind == 0 ? null : kind == 1 ? EMPTY : ("h" + index + "-" + h).getBytes(StandardCharsets.UTF_8);
      all[h] = new RecordHeader("header-" + random.nextInt(3), value);
    }
    return Arrays.asList(all);
  }

  private byte[] noise() {
    byte[] bytes = new byte[BLOCK];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** Words in random order: compresses about as business events do. */
  private byte[] prose() {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[BLOCK];
    for (int at = 0; at < BLOCK; ) {
      byte[] word = (WORDS[random.nextInt(WORDS.length)] + random.nextInt(100) + ' ').getBytes(StandardCharsets.UTF_8);
      int length = Math.min(word.length, BLOCK - at);
      System.arraycopy(word, 0, bytes, at, length);
      at += length;
    }
    return bytes;
  }
}
