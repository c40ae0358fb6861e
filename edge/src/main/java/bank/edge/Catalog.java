package bank.edge;

import bank.edge.EdgeConfig.FurtherServices;
import bank.edge.EdgeConfig.UpstreamAddresses;
import bank.edge.route.HttpRule;
import bank.edge.route.PathTemplate.Segment;
import bank.edge.route.Rpc;
import bank.edge.route.ServiceSet;
import bank.edge.route.ServiceSet.Treatment;
import bank.edge.transcode.JsonGateway;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Everything the edge serves: the services of this system, and the further ones of its settings.
///
/// @param services the services as their proto files declare them
/// @param rpcs every rpc of theirs
/// @param rules every HTTP method and path that leads to one
/// @param addresses `host:port` by the full name of a service
record Catalog(List<ServiceDescriptor> services, List<Rpc> rpcs, List<HttpRule> rules, Map<String, String> addresses) {

    private static final Set<String> OWN_PAGES = Set.of("docs", "healthz", "openapi.json", "openapi.yaml", "readyz");

    private static final List<String> IDENTITY = List.of(
            "AuditService",
            "AuthService",
            "ExternalIdentityService",
            "OAuthClientService",
            "OAuthService",
            "OrganizationService",
            "SessionService",
            "SignInService",
            "UserService",
            "VerificationService",
            "VersionService");
    private static final List<String> DOCUMENT =
            List.of("DocumentService", "DocumentHoldService", "DocumentReviewService");
    private static final List<String> REGISTRY = List.of("HmrcService", "NhsService");

    /// @throws IllegalArgumentException when a descriptor set cannot be used, a service has no address or two, or a
    ///     rule cannot be served over HTTP
    static Catalog of(EdgeConfig config) {
        var sets = new ArrayList<ServiceSet>();
        sets.add(ServiceSet.own(own(config.upstreams())));
        new TreeMap<>(config.services()).values().forEach(further -> sets.add(further(further)));
        var addresses = new HashMap<String, String>();
        sets.forEach(set -> set.addresses().forEach((service, address) -> {
            if (addresses.put(service, address) != null) {
                throw new IllegalArgumentException("service " + service + " is described twice");
            }
        }));
        List<Rpc> rpcs = sets.stream().flatMap(set -> set.rpcs().stream()).toList();
        List<HttpRule> rules =
                rpcs.stream().flatMap(rpc -> HttpRule.of(rpc).stream()).toList();
        rpcs.stream().filter(rpc -> !addresses.containsKey(rpc.service())).forEach(rpc -> {
            throw new IllegalArgumentException("no address for " + rpc.service());
        });
        rules.forEach(JsonGateway::requireSupported);
        rules.stream().filter(rule -> OWN_PAGES.contains(firstSegment(rule))).forEach(rule -> {
            throw new IllegalArgumentException(rule + ": the edge has pages of its own at this path");
        });
        return new Catalog(
                sets.stream().flatMap(set -> set.services().stream()).toList(), rpcs, rules, Map.copyOf(addresses));
    }

    private static String firstSegment(HttpRule rule) {
        List<Segment> segments = rule.template().segments();
        return !segments.isEmpty() && segments.getFirst() instanceof Segment.Literal(String first) ? first : "";
    }

    /// Paths of the rpcs over gRPC.
    Set<String> paths() {
        return rpcs.stream().map(Rpc::path).collect(Collectors.toSet());
    }

    /// Where the services of other systems are, by their full names.
    Map<String, String> furtherAddresses() {
        return rpcs.stream()
                .filter(rpc -> !rpc.ways().told())
                .map(Rpc::service)
                .distinct()
                .collect(Collectors.toMap(service -> service, service -> addresses.getOrDefault(service, "")));
    }

    private static ServiceSet further(FurtherServices services) {
        return ServiceSet.further(
                services.descriptors(),
                services.address(),
                new Treatment(
                        services.mode(), services.open().orElse(Set.of()), services.scope(), services.metadata()));
    }

    private static Map<String, String> own(UpstreamAddresses upstreams) {
        var addresses = new HashMap<String, String>();
        IDENTITY.forEach(service -> addresses.put("bank.v1." + service, upstreams.identity()));
        DOCUMENT.forEach(service -> addresses.put("bank.v1." + service, upstreams.document()));
        addresses.put("bank.v1.ContractService", upstreams.contract());
        REGISTRY.forEach(service -> addresses.put("bank.v1." + service, upstreams.registry()));
        return Map.copyOf(addresses);
    }
}
