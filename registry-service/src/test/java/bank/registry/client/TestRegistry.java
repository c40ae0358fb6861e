package bank.registry.client;

import bank.registry.model.Person;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A registry over HTTP as docs/registries.md describes it, which can be told to misbehave.
public final class TestRegistry implements AutoCloseable {
    /// How it answers in place of what it should.
    public interface Fault {
        void answer(HttpExchange exchange) throws IOException;

        /// Answers a status and a body.
        static Fault of(int status, String body) {
            return exchange -> send(exchange, status, body);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Person> persons = new ConcurrentHashMap<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Fault> tokenFaults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<String> tokenRequests = new ArrayList<>();
    private volatile String good = "none";

    /// Starts on a free port.
    public TestRegistry(Person... known) {
        for (var person : known) {
            persons.put(person.identifier().value(), person);
        }
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/api/persons/", this::person);
        server.createContext("/token", this::token);
        server.setExecutor(threads);
        server.start();
    }

    /// Base of its addresses.
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/api");
    }

    /// Where it gives tokens.
    public URI tokenUrl() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/token");
    }

    /// Answers the next questions like this, one after another.
    public void failing(Fault... next) {
        faults.addAll(List.of(next));
    }

    /// Answers the next requests for a token like this, one after another.
    public void failingTokens(Fault... next) {
        tokenFaults.addAll(List.of(next));
    }

    /// A fault that says nothing until the end of the test, or of the caller's patience.
    public Fault silence() {
        return exchange -> hang();
    }

    /// A fault that begins an answer and does not end it.
    public Fault halfAnAnswer() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            hang();
        };
    }

    private void hang() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Makes the token it gave last a bad one.
    public void withdrawToken() {
        good = "none";
    }

    /// How often it was asked for a person.
    public int asked() {
        return asked.get();
    }

    /// How often it gave a token.
    public int tokens() {
        return tokens.get();
    }

    /// The requests for tokens: authorization and form.
    public List<String> tokenRequests() {
        synchronized (tokenRequests) {
            return List.copyOf(tokenRequests);
        }
    }

    private void person(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        var fault = faults.poll();
        if (fault != null) {
            fault.answer(exchange);
        } else if (!("Bearer " + good).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{}");
        } else {
            var path = exchange.getRequestURI().getPath();
            var person = persons.get(path.substring("/api/persons/".length()));
            if (person == null) {
                send(exchange, 404, "{\"code\":\"PERSON_UNKNOWN\"}");
            } else {
                send(exchange, 200, json(person));
            }
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        synchronized (tokenRequests) {
            tokenRequests.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + form);
        }
        var fault = tokenFaults.poll();
        if (fault != null) {
            fault.answer(exchange);
            return;
        }
        good = "token-" + tokens.incrementAndGet();
        send(exchange, 200, "{\"access_token\":\"" + good + "\",\"token_type\":\"Bearer\",\"expires_in\":600}");
    }

    static String json(Person person) {
        var json = new LinkedHashMap<String, Object>();
        json.put("identifier", person.identifier().value());
        json.put("first_name", person.firstName());
        json.put("last_name", person.lastName());
        json.put("birthday", person.birthday().toString());
        json.put("deceased", person.dead());
        if (!person.practice().isEmpty()) {
            json.put("practice", person.practice());
        }
        // What a registry tells beyond is nobody's business here.
        json.put("postcode", "LS1 4AP");
        return JSONObjectUtils.toJSONString(json);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
