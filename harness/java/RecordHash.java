// 64-bit hashes of what a consumer sees of a record. XXH64 from the lz4 library that every Kafka client brings along.
package landbridge.harness;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Not thread-safe: one for each reader. */
final class RecordHash {
  private static final XXHash64 HASH = XXHashFactory.fastestInstance().hash64();
  private static final long SEED = 0x6c616e6462726964L;

  private byte[] buffer = new byte[4096];
  private int length;

  /** Timestamp, key, value and headers, null told from empty; not the offset. */
  long content(ConsumerRecord<byte[], byte[]> record) {
    length = 0;
    number(record.timestamp());
    bytes(record.key());
    bytes(record.value());
    for (Header header : record.headers()) {
      bytes(header.key().getBytes(StandardCharsets.UTF_8));
      bytes(header.value());
    }
    return HASH.hash(buffer, 0, length, SEED);
  }

  long key(byte[] key) {
    length = 0;
    bytes(key);
    return HASH.hash(buffer, 0, length, SEED);
  }

  /** Adds one record to the running hash of a partition; order and offsets matter. */
  static long chain(long hash, long offset, long content) {
    long mixed = (hash ^ content) * 0x9E3779B185EBCA87L;
    return Long.rotateLeft((mixed ^ (mixed >>> 29)) + offset, 31) * 0xC2B2AE3D27D4EB4FL;
  }

  private void bytes(byte[] value) {
    number(value == null ? -1 : value.length);
    if (value == null) return;
    room(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
  }

  private void number(long value) {
    room(8);
    for (int shift = 0; shift < 64; shift += 8) buffer[length++] = (byte) (value >>> shift);
  }

  private void room(int more) {
    if (length + more > buffer.length) buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
  }
}
