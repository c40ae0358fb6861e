package bank.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// An HTTP client as a script would use one.
final class Http {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;

    Http(URI base) {
        this.base = base;
    }

    record Reply(int status, HttpHeaders headers, byte[] body) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(text(), e);
            }
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        String reason() {
            return json().path("reason").asText();
        }

        Reply expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("expected " + wanted + ", got " + status + ": " + text());
            }
            return this;
        }
    }

    /// A part of a multipart body; `fileName` null for a plain field.
    record Part(String name, String fileName, byte[] content, List<String> headers) {
        static Part field(String name, String value) {
            return new Part(name, null, value.getBytes(StandardCharsets.UTF_8), List.of());
        }

        static Part file(String name, String fileName, byte[] content, String... headers) {
            return new Part(name, fileName, content, List.of(headers));
        }
    }

    Reply get(String path, String token, String... headers) {
        return send(request(path, token, headers).GET());
    }

    Reply delete(String path, String token, String... headers) {
        return send(request(path, token, headers).DELETE());
    }

    Reply json(String method, String path, String token, String body, String... headers) {
        return send(request(path, token, headers)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }

    Reply raw(String method, String path, String token, byte[] body, String... headers) {
        return send(request(path, token, headers).method(method, BodyPublishers.ofByteArray(body)));
    }

    Reply multipart(String method, String path, String token, List<Part> parts, String... headers) {
        var boundary = "b-" + UUID.randomUUID();
        return send(request(path, token, headers)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .method(method, BodyPublishers.ofByteArray(encode(parts, boundary))));
    }

    static byte[] encode(List<Part> parts, String boundary) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            var head = new ArrayList<String>();
            head.add("--" + boundary);
            head.add("Content-Disposition: form-data; name=\"" + part.name() + "\""
                    + (part.fileName() == null ? "" : "; filename=\"" + part.fileName() + "\""));
            if (part.fileName() != null) {
                head.add("Content-Type: application/octet-stream");
            }
            head.addAll(part.headers());
            out.writeBytes((String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(part.content());
            out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    String token(String email, String password) {
        return json("POST", "/v1/auth/login", "", "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password))
                .expect(200)
                .json()
                .path("access_token")
                .asText();
    }

    private HttpRequest.Builder request(String path, String token, String... headers) {
        var request = HttpRequest.newBuilder(path.startsWith("http") ? URI.create(path) : base.resolve(path))
                .timeout(Duration.ofSeconds(60));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
