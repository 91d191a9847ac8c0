// Records at a steady rate in the background until stopped, also while brokers die; optionally in transactions.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;

final class Traffic {
  private static final long TICK_NANOS = 1_000_000;

  private final KafkaProducer<byte[], byte[]> producer;
  private final GeneratedRecords records;
  private final double ratePerSecond;
  private final long perTransaction;
  private final double abortRatio;
  private final SplittableRandom dice;
  private final Acknowledged acknowledged = new Acknowledged();
  private final Thread thread;
  private final JsonNode opened;
  private volatile boolean stopping;
  private volatile long sent;
  private volatile long committed;
  private volatile long aborted;
  private volatile Throwable failure;

  Traffic(JsonNode r) {
    opened = r;
    JsonNode spec = r.get("records");
    perTransaction = r.path("recordsPerTransaction").asLong(0);
    abortRatio = r.path("abortRatio").asDouble(0);
    ratePerSecond = r.get("ratePerSecond").asDouble();
    dice = new SplittableRandom(spec.path("seed").asLong(1));
    producer = Producers.create(r);
    records = new GeneratedRecords(spec, producer.partitionsFor(Service.text(spec, "topic")).size());
    if (perTransaction > 0) producer.initTransactions();
    long first = spec.path("firstIndex").asLong(0);
    thread = Service.daemon(() -> run(first));
    thread.start();
  }

  private void run(long first) {
    try {
      long start = System.nanoTime();
      while (!stopping) {
        long due = (long) ((System.nanoTime() - start) / 1e9 * ratePerSecond);
        while (sent < due && !stopping) step(first);
        LockSupport.parkNanos(TICK_NANOS);
      }
      if (perTransaction > 0 && sent % perTransaction != 0) end();
      producer.flush();
    } catch (Throwable error) {
      failure = error;
    }
  }

  private void step(long first) {
    if (perTransaction > 0 && sent % perTransaction == 0) producer.beginTransaction();
    producer.send(records.record(first + sent), acknowledged);
    sent++;
    if (perTransaction > 0 && sent % perTransaction == 0) end();
  }

  private void end() {
    if (dice.nextDouble() < abortRatio) {
      producer.flush(); // else what is still queued here would never reach the log
      producer.abortTransaction();
      aborted++;
    } else {
      producer.commitTransaction();
      committed++;
    }
  }

  ObjectNode soFar() {
    return acknowledged.json().put("sent", sent).put("committed", committed).put("aborted", aborted)
        .put("failure", failure == null ? null : failure.toString());
  }

  /** Waits until everything sent is acknowledged or given up by the producer. */
  ObjectNode stop() throws Exception {
    stopping = true;
    thread.join();
    producer.close(Duration.ofSeconds(5));
    Producers.settled(opened);
    return soFar();
  }
}
