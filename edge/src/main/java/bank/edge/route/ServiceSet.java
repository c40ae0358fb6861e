package bank.edge.route;

import bank.edge.json.JsonCodec;
import bank.edge.json.JsonMode;
import bank.platform.auth.AccessRule;
import bank.v1.Options;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The services of one descriptor set, and where they are.
///
/// @param rpcs every rpc of theirs
/// @param addresses `host:port` by the full name of a service
public record ServiceSet(List<Rpc> rpcs, Map<String, String> addresses) {
    private static final String OWN_PACKAGE = "bank.v1";

    public ServiceSet {
        rpcs = List.copyOf(rpcs);
        addresses = Map.copyOf(addresses);
    }

    /// How a further set of services is treated.
    ///
    /// @param mode JSON form; with [JsonMode#HOUSE] the statuses and strict queries of `bank.v1` too
    /// @param open full names of the services anybody may call
    /// @param scope scope a token needs for the rpcs that say nothing of access themselves; empty for any
    ///     good token
    /// @param metadata headers `Grpc-Metadata-X` are the metadata `x`, in requests and answers
    public record Treatment(JsonMode mode, Set<String> open, Optional<String> scope, boolean metadata) {}

    /// The services of this system.
    ///
    /// @param addresses `host:port` by the full name of a service
    public static ServiceSet own(Map<String, String> addresses) {
        var files = ProtoFiles.bankV1();
        var codec = new JsonCodec(JsonMode.HOUSE, files::message);
        return of(files.services().stream(), addresses, method -> {
            boolean anonymous = AccessRule.of(method) instanceof AccessRule.Everybody;
            return Rpc.of(
                    method,
                    codec,
                    new Rpc.Ways(true, true, false),
                    anonymous ? new Admission.Anybody() : new Admission.SignedIn());
        });
    }

    /// Further services, which know nothing of this system.
    ///
    /// @param file a `google.protobuf.FileDescriptorSet` with its imports, as `protoc --include_imports` and
    ///     `buf build` write it; every service in it is served, save those of `bank.v1`
    /// @param address `host:port` of all of them
    /// @throws IllegalArgumentException when the file cannot be read or used
    public static ServiceSet further(Path file, String address, Treatment treatment) {
        ProtoFiles files = read(file);
        Map<String, String> addresses = files.services().stream()
                .filter(service -> !service.getFile().getPackage().equals(OWN_PACKAGE))
                .collect(Collectors.toMap(ServiceDescriptor::getFullName, _ -> address));
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(file + " has no service");
        }
        for (String open : treatment.open()) {
            if (!addresses.containsKey(open)) {
                throw new IllegalArgumentException(file + " has no service " + open + " to open to anybody");
            }
        }
        var codec = new JsonCodec(treatment.mode(), files::message);
        var ways = new Rpc.Ways(treatment.mode() == JsonMode.HOUSE, false, treatment.metadata());
        return of(
                files.services().stream().filter(service -> addresses.containsKey(service.getFullName())),
                addresses,
                method -> Rpc.of(method, codec, ways, admission(method, treatment)));
    }

    private static Admission admission(MethodDescriptor method, Treatment treatment) {
        if (method.getOptions().hasExtension(Options.access)) {
            AccessRule rule = AccessRule.of(method);
            return rule instanceof AccessRule.Everybody ? new Admission.Anybody() : new Admission.Declared(rule);
        }
        if (treatment.open().contains(method.getService().getFullName())) {
            return new Admission.Anybody();
        }
        return treatment.scope().<Admission>map(Admission.Scoped::new).orElseGet(Admission.SignedIn::new);
    }

    private static ServiceSet of(
            Stream<ServiceDescriptor> services, Map<String, String> addresses, Function<MethodDescriptor, Rpc> rpc) {
        return new ServiceSet(
                services.flatMap(service -> service.getMethods().stream())
                        .map(rpc)
                        .toList(),
                addresses);
    }

    /// The services as their proto files declare them.
    public Collection<ServiceDescriptor> services() {
        return rpcs.stream().map(rpc -> rpc.method().getService()).distinct().toList();
    }

    private static ProtoFiles read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return ProtoFiles.parse(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the descriptor set " + file + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
