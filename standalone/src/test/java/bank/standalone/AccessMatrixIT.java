package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.json.JsonCodec;
import bank.edge.json.JsonMode;
import bank.edge.route.ProtoFiles;
import bank.standalone.AccessMatrix.Rpc;
import bank.standalone.AccessPage.Row;
import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whom every rpc lets in, at the service, through the edge over gRPC and over HTTP/JSON, is what docs/access.md says.
class AccessMatrixIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final int THREADS = 4;

    private static Http http;
    private static JsonCodec codec;
    private static Map<String, ManagedChannel> channels;

    @BeforeAll
    static void connect() {
        http = new Http(bank.uri());
        codec = new JsonCodec(JsonMode.HOUSE, ProtoFiles.bankV1()::message);
        channels = Map.of(
                "edge", channel(bank.uri().getPort()),
                "identity", channel(bank.identityPort()),
                "document", channel(bank.documentPort()),
                "contract", channel(bank.contractPort()),
                "registry", channel(bank.registryPort()));
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @AfterAll
    static void disconnect() throws InterruptedException {
        for (var channel : channels.values()) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void everyRpcIsAskedForSomething() {
        var names = methods().stream().map(MethodDescriptor::getFullName).toList();
        var asked = AccessRequest.all().keySet();
        assertThat(names.stream().filter(name -> !asked.contains(name)))
                .as("add a line to AccessRequest for each of these rpcs")
                .isEmpty();
        assertThat(asked.stream().filter(name -> !names.contains(name)))
                .as("there are no such rpcs: take their lines out of AccessRequest")
                .isEmpty();
    }

    @Test
    void everyRpcLetsInWhomThePageSaysAndNobodyElse() throws Exception {
        var scopes = new TreeSet<String>();
        methods().forEach(method -> scopes.addAll(AccessMatrix.declared(method)));
        var people = new AccessPeople(http, scopes);
        var matrix = new AccessMatrix(people, scopes);
        var before = people.state();
        var requests = AccessRequest.all();
        var rows = rows(methods().stream()
                .filter(method -> requests.containsKey(method.getFullName()))
                .map(method -> (Callable<Row>) () -> {
                    var rpc = new Rpc(new AccessCall(method, codec), requests.get(method.getFullName()), ways(method));
                    return new Row(method.getService().getName(), method.getName(), matrix.cells(rpc));
                })
                .toList());
        assertThat(matrix.faults()).isEmpty();
        assertThat(people.state()).isEqualTo(before);
        AccessPage.check(rows);
    }

    private static List<Row> rows(List<Callable<Row>> work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            var rows = new ArrayList<Row>();
            for (var row : threads.invokeAll(work)) {
                rows.add(row.get());
            }
            return rows;
        }
    }

    private static List<MethodDescriptor> methods() {
        return ProtoFiles.bankV1().services().stream()
                .filter(service -> service.getFile().getPackage().equals("bank.v1"))
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .map(ServiceDescriptor::getMethods)
                .flatMap(List::stream)
                .toList();
    }

    private static Map<String, FileCaller> ways(MethodDescriptor method) {
        var service = method.getService().getName();
        var ways = new LinkedHashMap<String, FileCaller>();
        ways.put("service", new FileCaller.Grpc(channels.get(owner(service)), codec));
        ways.put("edge", new FileCaller.Grpc(channels.get("edge"), codec));
        if (method.getOptions().hasExtension(AnnotationsProto.http)) {
            ways.put("HTTP", new FileCaller.Multipart(http, codec));
        }
        return ways;
    }

    private static String owner(String service) {
        return switch (service) {
            case "ContractService" -> "contract";
            case "HmrcService", "NhsService" -> "registry";
            default -> service.contains("Document") ? "document" : "identity";
        };
    }
}
