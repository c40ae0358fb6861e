package bank.document;

import bank.document.blob.BlobStore;
import bank.document.blob.S3BlobStore;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An S3 server that gives what a real one holds, save for what it is told to fail at.
final class FailingS3 implements AutoCloseable {
    private static final String BUCKET = "bucket";
    private static final int BROKEN = 500;

    /// Keys whose objects are there and cannot be read.
    final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    private final DocumentServiceExtension real;
    private final HttpServer server;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean down;

    FailingS3(DocumentServiceExtension real) throws IOException {
        this.real = real;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/", this::answer);
        server.start();
    }

    /// Fails at everything from now on.
    void fail() {
        down = true;
    }

    /// Objects it was asked to give, each once for every attempt.
    int reads() {
        return reads.get();
    }

    /// A content store kept by this server.
    BlobStore open() {
        var endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return S3BlobStore.open(
                new S3BlobStore.Location(endpoint, endpoint, "us-east-1", BUCKET, "access", "secret"),
                Duration.ofSeconds(30));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath().substring(1 + BUCKET.length());
            var key = path.isEmpty() ? "" : path.substring(1);
            if (down) {
                exchange.sendResponseHeaders(BROKEN, -1);
            } else if (key.isEmpty()) {
                exchange.sendResponseHeaders(200, -1);
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                head(exchange, key);
            } else {
                get(exchange, key);
            }
        }
    }

    private void head(HttpExchange exchange, String key) throws IOException {
        var size = real.blobs.size(key);
        if (size.isPresent()) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(size.getAsLong()));
        }
        exchange.sendResponseHeaders(size.isPresent() ? 200 : 404, -1);
    }

    private void get(HttpExchange exchange, String key) throws IOException {
        reads.incrementAndGet();
        if (unreadable.contains(key)) {
            exchange.sendResponseHeaders(BROKEN, -1);
            return;
        }
        var bytes = real.s3Client
                .getObjectAsBytes(get -> get.bucket(real.s3.bucket()).key(key))
                .asByteArray();
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
