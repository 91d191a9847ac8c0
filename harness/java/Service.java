// Entry of the harness's JVM: one JSON request a line on stdin, one JSON answer a line on stdout, answered as they
// finish. It stays up so that a test run pays for one JVM start only, and ends when stdin closes.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

public final class Service {
  interface Operation {
    JsonNode run(JsonNode request) throws Exception;
  }

  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    System.setOut(System.err); // nothing else may write into the protocol
    Map<String, Operation> operations = new HashMap<>();
    new TopicAdmin().register(operations);
    new AccessAdmin().register(operations);
    new Producers().register(operations);
    new Consumers().register(operations);
    new Reading().register(operations);
    ExecutorService threads = Executors.newCachedThreadPool(Service::daemon);
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      threads.execute(() -> answer(operations, request, answers));
    }
    Runtime.getRuntime().halt(0); // the one that asked is gone: no farewell to brokers that may be gone, too
  }

  private static void answer(Map<String, Operation> operations, JsonNode request, PrintStream answers) {
    ObjectNode answer = JSON.createObjectNode().put("id", request.get("id").asLong());
    String op = request.get("op").asText();
    try {
      Operation operation = operations.get(op);
      if (operation == null) throw new IllegalArgumentException("Unknown operation " + op);
      answer.set("result", operation.run(request));
    } catch (Throwable error) {
      Throwable cause = unwrap(error);
      answer.putObject("error").put("type", cause.getClass().getSimpleName()).put("message", describe(cause));
      if (!(cause instanceof org.apache.kafka.common.KafkaException)) error.printStackTrace();
    }
    synchronized (answers) {
      answers.println(answer);
      answers.flush();
    }
  }

  private static Throwable unwrap(Throwable error) {
    Throwable cause = error;
    while (cause instanceof java.util.concurrent.ExecutionException && cause.getCause() != null) cause = cause.getCause();
    return cause;
  }

  private static String describe(Throwable error) {
    StringBuilder text = new StringBuilder(error.getClass().getSimpleName() + ": " + error.getMessage());
    for (Throwable c = error.getCause(); c != null; c = c.getCause()) text.append("; caused by ").append(c);
    return text.toString();
  }

  static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  static JsonNode done() {
    return JSON.createObjectNode();
  }

  static String text(JsonNode node, String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) throw new IllegalArgumentException("The request lacks " + field);
    return value.asText();
  }

  static byte[] bytes(JsonNode value) throws java.io.IOException {
    return value == null || value.isNull() ? null : value.binaryValue();
  }

  static Map<String, String> strings(JsonNode node) {
    Map<String, String> map = new HashMap<>();
    if (node != null) node.properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
    return map;
  }
}
