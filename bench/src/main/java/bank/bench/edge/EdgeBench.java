package bank.bench.edge;

import bank.testing.ServiceProcess;
import bank.v1.GetContractRequest;
import com.google.protobuf.Message;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// JSON through the edge against its own gRPC pass-through, against Armeria's built-in transcoding, and against the
/// upstream called directly: requests a second, and what each process spends on one.
final class EdgeBench {
    private static final int AT_ONCE = 32;
    private static final Duration WARM_UP = Duration.ofSeconds(40);
    private static final String HEAP = "256m";
    private static final String GET = "GET JSON";
    private static final String POST = "POST JSON";
    private static final byte[] JSON =
            "{\"user_id\":17,\"description\":\"Договор ипотеки\"}".getBytes(StandardCharsets.UTF_8);

    private EdgeBench() {}

    /// One kind of call: how it is made, and the process between the client and the upstream.
    private record Subject(String name, OpenLoad.Call call, Measured between) {}

    /// What a round of one subject gave, by the call.
    private record Round(double perSecond, double betweenMicros, double upstreamMicros, double bytes) {}

    /// The rounds of each subject.
    private record Results(Map<String, List<Round>> bySubject) {
        void add(String subject, Round round) {
            bySubject.computeIfAbsent(subject, _ -> new ArrayList<>()).add(round);
        }

        List<Round> of(String subject) {
            return bySubject.getOrDefault(subject, List.of());
        }
    }

    static void main(String[] arguments) throws IOException, InterruptedException {
        var rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        var seconds = Duration.ofSeconds(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 6);
        try (var upstream = start(ServiceProcess.ofMain(Upstream.class));
                var edge = start(ServiceProcess.ofMain(bank.edge.Main.class).environment(settings(port(upstream))));
                var builtIn = start(ServiceProcess.ofMain(BuiltInEdge.class, port(upstream)))) {
            var token = upstream.awaitLine(line -> line.startsWith("token "), Duration.ZERO)
                    .substring(6);
            var behind = new Measured(upstream.pid());
            var ours = new Measured(edge.pid());
            var theirs = new Measured(builtIn.pid());
            var subjects = List.of(
                    new Subject("upstream itself", grpc(upstream, token), behind),
                    new Subject("gRPC through the edge", grpc(edge, token), ours),
                    new Subject(GET + " through the edge", get(edge, token), ours),
                    new Subject(POST + " through the edge", post(edge, token), ours),
                    new Subject(GET + " through the built-in", get(builtIn, token), theirs),
                    new Subject(POST + " through the built-in", post(builtIn, token), theirs));
            System.out.printf("warming up for %d s%n", WARM_UP.toSeconds() * subjects.size());
            for (var subject : subjects) {
                OpenLoad.atOnce(AT_ONCE, WARM_UP, subject.call());
            }
            var results = new Results(new LinkedHashMap<>());
            for (var i = 0; i < rounds; i++) {
                for (var subject : subjects) {
                    results.add(subject.name(), round(subject, behind, seconds));
                }
            }
            print(results);
            latencies(subjects, results, seconds);
            System.out.printf(
                    "memory at the end, heap %s: edge %d MiB, built-in %d MiB%n",
                    HEAP, ours.residentBytes() >> 20, theirs.residentBytes() >> 20);
        }
    }

    private static Round round(Subject subject, Measured behind, Duration time)
            throws IOException, InterruptedException {
        var between = subject.between();
        var micros = between.processorMicros();
        var behindMicros = behind.processorMicros();
        var bytes = between.allocatedBytes();
        var begin = System.nanoTime();
        var calls = OpenLoad.atOnce(AT_ONCE, time, subject.call());
        var took = System.nanoTime() - begin;
        return new Round(
                calls / (took / 1e9),
                (between.processorMicros() - micros) / (double) calls,
                (behind.processorMicros() - behindMicros) / (double) calls,
                (between.allocatedBytes() - bytes) / (double) calls);
    }

    private static void print(Results results) {
        System.out.printf(
                "%-30s %12s %18s %18s %16s%n", "", "per second", "µs in between", "µs in upstream", "bytes allocated");
        results.bySubject()
                .forEach((name, rounds) -> System.out.printf(
                        "%-30s %,12.0f %18.1f %18.1f %,16.0f%n",
                        name,
                        median(rounds, Round::perSecond),
                        median(rounds, Round::betweenMicros),
                        median(rounds, Round::upstreamMicros),
                        median(rounds, Round::bytes)));
        for (var kind : List.of(GET, POST)) {
            var edge = results.of(kind + " through the edge");
            var builtIn = results.of(kind + " through the built-in");
            System.out.printf(
                    "%s: throughput / gRPC through the edge %.2f (goal: at least 0.8), / upstream itself %.2f, / built-in %.2f; "
                            + "CPU / built-in %.2f (goal: at most 0.5)%n",
                    kind,
                    ratio(edge, results.of("gRPC through the edge"), Round::perSecond),
                    ratio(edge, results.of("upstream itself"), Round::perSecond),
                    ratio(edge, builtIn, Round::perSecond),
                    ratio(edge, builtIn, Round::betweenMicros));
        }
    }

    /// Median of the ratios round by round.
    private static double ratio(List<Round> rounds, List<Round> baseline, ToDoubleFunction<Round> figure) {
        var ratios = new double[rounds.size()];
        for (var i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(rounds.get(i)) / figure.applyAsDouble(baseline.get(i));
        }
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void latencies(List<Subject> subjects, Results results, Duration time) throws InterruptedException {
        var rate = median(results.of(GET + " through the built-in"), Round::perSecond) / 2;
        System.out.printf("at %,.0f calls a second, half of what the built-in can do:%n", rate);
        for (var subject : subjects) {
            var took = OpenLoad.atRate(rate, time, subject.call());
            System.out.printf(
                    "%-30s p50 %.2f ms, p99 %.2f ms%n",
                    subject.name(), took[took.length / 2] / 1e6, took[took.length * 99 / 100] / 1e6);
        }
    }

    private static ServiceProcess start(ServiceProcess.Launch launch) {
        // No line in a log for each request, for the built-in writes none either.
        var process = launch.heap(HEAP)
                .jvmOption("-XX:TieredStopAtLevel=4")
                .jvmOption("-Dlogback.configurationFile=bank/bench/logback.xml")
                .start();
        process.awaitLine(line -> line.startsWith("ready "), Duration.ofSeconds(60));
        return process;
    }

    private static String port(ServiceProcess process) {
        return process.awaitLine(line -> line.startsWith("ready "), Duration.ZERO)
                .replaceFirst(".*[ :]", "");
    }

    private static Map<String, String> settings(String upstreamPort) {
        var address = "127.0.0.1:" + upstreamPort;
        return Map.of(
                "BANK_EDGE_PORT", "0",
                "BANK_EDGE_UPSTREAMS_IDENTITY", address,
                "BANK_EDGE_UPSTREAMS_DOCUMENT", address,
                "BANK_EDGE_UPSTREAMS_CONTRACT", address,
                "BANK_EDGE_UPSTREAMS_REGISTRY", address,
                "BANK_EDGE_TOKENS_ISSUER", Upstream.ISSUER);
    }

    private static WebClient client(ServiceProcess process) {
        return WebClient.builder("h2c://127.0.0.1:" + port(process))
                .factory(ClientFactory.builder()
                        .useHttp2Preface(true)
                        .maxNumEventLoopsPerEndpoint(2)
                        .build())
                .responseTimeout(Duration.ofSeconds(30))
                .build();
    }

    private static RequestHeadersBuilder headers(HttpMethod method, String path, String token) {
        return RequestHeaders.builder(method, path).set("authorization", "Bearer " + token);
    }

    private static OpenLoad.Call get(ServiceProcess process, String token) {
        var headers = headers(HttpMethod.GET, "/v1/sm/contracts/102", token).build();
        return json(client(process), HttpRequest.of(headers));
    }

    private static OpenLoad.Call post(ServiceProcess process, String token) {
        var headers = headers(HttpMethod.POST, "/v1/sm/contracts", token)
                .contentType(MediaType.JSON)
                .build();
        return json(client(process), HttpRequest.of(headers, HttpData.wrap(JSON)));
    }

    private static OpenLoad.Call json(WebClient client, HttpRequest prototype) {
        var request = prototype.aggregate().join();
        return () -> client.execute(request).aggregate().thenAccept(answer -> {
            if (!answer.status().isSuccess() || !answer.contentUtf8().contains("ипотеки")) {
                throw new IllegalStateException(answer.status() + " " + answer.contentUtf8());
            }
        });
    }

    private static OpenLoad.Call grpc(ServiceProcess process, String token) {
        var client = client(process);
        var headers = headers(HttpMethod.POST, "/bank.v1.ContractService/GetContract", token)
                .contentType(MediaType.parse("application/grpc"))
                .set("te", "trailers")
                .build();
        var frame = frame(GetContractRequest.newBuilder().setId(102).build());
        return () -> client.execute(headers, frame).aggregate().thenAccept(answer -> {
            if (!"0".equals(answer.trailers().get("grpc-status"))) {
                throw new IllegalStateException(answer.headers() + " " + answer.trailers());
            }
        });
    }

    private static HttpData frame(Message message) {
        var bytes = message.toByteArray();
        return HttpData.wrap(ByteBuffer.allocate(5 + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array());
    }
}
