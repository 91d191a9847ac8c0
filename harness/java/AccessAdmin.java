// SCRAM users, ACLs and quotas through Kafka's own AdminClient. Changes return when the broker that is asked shows them.
package landbridge.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

final class AccessAdmin {
  void register(Map<String, Service.Operation> operations) {
    add(operations, "setScramUser", (admin, r) -> {
      // A request may name each user only once.
      for (ScramMechanism mechanism : mechanisms(r))
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(Service.text(r, "user"),
            new ScramCredentialInfo(mechanism, r.path("iterations").asInt(4096)), Service.text(r, "password")))).all().get();
      TopicAdmin.await(() -> known(admin, Service.text(r, "user")).containsAll(mechanisms(r)), "the user is not there");
      return Service.done();
    });
    add(operations, "deleteScramUser", (admin, r) -> {
      String user = Service.text(r, "user");
      for (ScramMechanism mechanism : known(admin, user))
        admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(user, mechanism))).all().get();
      TopicAdmin.await(() -> known(admin, user).isEmpty(), "the user is still there");
      return Service.done();
    });
    add(operations, "addAcls", (admin, r) -> {
      List<AclBinding> bindings = bindings(r);
      admin.createAcls(bindings).all().get();
      TopicAdmin.await(() -> all(admin).containsAll(bindings), "the ACLs are not there");
      return Service.done();
    });
    add(operations, "removeAcls", (admin, r) -> {
      List<AclBinding> bindings = bindings(r);
      admin.deleteAcls(bindings.stream().map(AclBinding::toFilter).collect(Collectors.toList())).all().get();
      TopicAdmin.await(() -> all(admin).stream().noneMatch(bindings::contains), "the ACLs are still there");
      return Service.done();
    });
    add(operations, "setClientQuota", (admin, r) -> {
      ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, Service.text(r, "clientId")));
      List<ClientQuotaAlteration.Op> ops = new ArrayList<>();
      r.get("limits").properties().forEach(limit -> ops.add(new ClientQuotaAlteration.Op(limit.getKey(),
          limit.getValue().isNull() ? null : limit.getValue().asDouble())));
      admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, ops))).all().get();
      return Service.done();
    });
    add(operations, "listAcls", (admin, r) -> {
      ArrayNode acls = Service.JSON.createArrayNode();
      for (AclBinding b : all(admin))
        acls.addObject().put("principal", b.entry().principal()).put("host", b.entry().host())
            .put("operation", b.entry().operation().name()).put("permission", b.entry().permissionType().name())
            .put("resourceType", b.pattern().resourceType().name()).put("resourceName", b.pattern().name())
            .put("patternType", b.pattern().patternType().name());
      return acls;
    });
  }

  private interface AdminOperation {
    JsonNode run(Admin admin, JsonNode request) throws Exception;
  }

  private static void add(Map<String, Service.Operation> operations, String name, AdminOperation operation) {
    operations.put(name, r -> TopicAdmin.using(Service.text(r, "bootstrap"), admin -> operation.run(admin, r)));
  }

  private static List<ScramMechanism> mechanisms(JsonNode r) {
    List<ScramMechanism> mechanisms = new ArrayList<>();
    for (JsonNode name : r.get("mechanisms")) mechanisms.add(ScramMechanism.fromMechanismName(name.asText()));
    return mechanisms;
  }

  private static List<ScramMechanism> known(Admin admin, String user) throws Exception {
    var described = admin.describeUserScramCredentials().all().get().get(user);
    if (described == null) return List.of();
    return described.credentialInfos().stream().map(ScramCredentialInfo::mechanism).collect(Collectors.toList());
  }

  private static List<AclBinding> all(Admin admin) throws Exception {
    return new ArrayList<>(admin.describeAcls(
        new AclBindingFilter(ResourcePatternFilter.ANY, AccessControlEntryFilter.ANY)).values().get());
  }

  private static List<AclBinding> bindings(JsonNode r) {
    List<AclBinding> bindings = new ArrayList<>();
    for (JsonNode a : r.get("acls"))
      bindings.add(new AclBinding(
          new ResourcePattern(ResourceType.valueOf(Service.text(a, "resourceType")), Service.text(a, "resourceName"),
              PatternType.valueOf(a.path("patternType").asText("LITERAL"))),
          new AccessControlEntry(Service.text(a, "principal"), a.path("host").asText("*"),
              AclOperation.valueOf(Service.text(a, "operation")),
              AclPermissionType.valueOf(a.path("permission").asText("ALLOW")))));
    return bindings;
  }
}
