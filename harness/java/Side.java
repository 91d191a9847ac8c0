// One side of a comparison: where it is, and its offsets at one moment.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;

record Side(String bootstrap, String topic, Map<Integer, Long> starts, Map<Integer, Long> stableEnds, Map<Integer, Long> ends) {
  static Side at(JsonNode place) throws Exception {
    String bootstrap = Service.text(place, "bootstrap");
    String topic = Service.text(place, "topic");
    return TopicAdmin.using(bootstrap, admin -> new Side(bootstrap, topic,
        TopicAdmin.offsets(admin, topic, OffsetSpec.earliest(), false),
        TopicAdmin.offsets(admin, topic, OffsetSpec.latest(), true),
        TopicAdmin.offsets(admin, topic, OffsetSpec.latest(), false)));
  }

  boolean sameOffsets(Side other) {
    return starts.equals(other.starts) && stableEnds.equals(other.stableEnds) && ends.equals(other.ends);
  }
}
