package bank.edge;

import bank.platform.auth.Issuer;
import bank.platform.auth.TokenVerifier;
import bank.platform.config.ServiceConfig.TokenConfig;
import bank.platform.config.Settings;
import bank.platform.grpc.CallTimes;
import bank.platform.grpc.GrpcServer;
import bank.platform.telemetry.Tracing;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An edge before services of this test, over real sockets and with the production interceptors.
final class TestBank implements AutoCloseable {
    final TestTokens tokens = new TestTokens();
    final TestServices.OAuth oauth = new TestServices.OAuth(tokens);
    final TestDocumentService documents = new TestDocumentService();
    final TestServices.Contracts contracts = new TestServices.Contracts();
    final TestServices.Reviews reviews = new TestServices.Reviews();
    final TestServices.Versions versions = new TestServices.Versions();
    final EdgeServer edge;
    private final Tracing tracing;
    private final GrpcServer services;
    private boolean servicesStopped;
    private final HttpClient web =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    TestBank() {
        this(Map.of());
    }

    /// @param settings settings of the edge beside those that tie it to the services
    TestBank(Map<String, String> settings) {
        this(settings, List.of());
    }

    /// @param settings settings of the edge beside those that tie it to the services
    /// @param further issuers the services trust beside identity-service
    TestBank(Map<String, String> settings, List<Issuer> further) {
        this(settings, further, Map.of());
    }

    /// @param settings settings of the edge beside those that tie it to the services
    /// @param further issuers the services trust beside identity-service
    /// @param traces variables of OpenTelemetry
    TestBank(Map<String, String> settings, List<Issuer> further, Map<String, String> traces) {
        tracing = Tracing.of("services", traces);
        var trusted = new ArrayList<>(further);
        trusted.add(Issuer.identity(tokenConfig(), new ImmutableJWKSet<>(keys())));
        services = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                new TokenVerifier(trusted, Clock.systemUTC()),
                TestDocumentService::translate,
                tracing,
                List.of(documents, contracts, reviews, new TestServices.Auth(), versions, oauth));
        String address = "127.0.0.1:" + services.port();
        edge = new EdgeServer(config(address, settings), Clock.systemUTC(), Tracing.of("edge", traces));
        edge.start();
    }

    private static EdgeConfig config(String services, Map<String, String> settings) {
        var all = new TreeMap<>(Map.of(
                "bank.edge.port", "0",
                "bank.edge.upstreams.identity", services,
                "bank.edge.upstreams.document", services,
                "bank.edge.upstreams.contract", services,
                "bank.edge.upstreams.registry", services,
                "bank.edge.tokens.issuer", TestTokens.ISSUER));
        all.putAll(settings);
        return Settings.of(EdgeConfig.class, all);
    }

    /// An edge that is expected not to start with these settings.
    static void wire(Map<String, String> settings) {
        new EdgeServer(config("127.0.0.1:1", settings), Clock.systemUTC()).close();
    }

    private JWKSet keys() {
        try {
            return JWKSet.parse(tokens.keySet());
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    static TokenConfig tokenConfig() {
        return new TokenConfig() {
            @Override
            public String issuer() {
                return TestTokens.ISSUER;
            }

            @Override
            public String audience() {
                return "bank";
            }
        };
    }

    /// Where the services listen, `host:port`.
    String services() {
        return "127.0.0.1:" + services.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + edge.port() + path);
    }

    /// A request by a signed-in client.
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + tokens.client());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return web.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path));
    }

    HttpResponse<String> json(String method, String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /// Stops the services and leaves the edge alone.
    void stopServices() {
        if (!servicesStopped) {
            servicesStopped = true;
            services.close();
            tracing.close();
        }
    }

    @Override
    public void close() {
        edge.close();
        stopServices();
    }
}
