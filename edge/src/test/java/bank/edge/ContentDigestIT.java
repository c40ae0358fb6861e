package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Promised digests are compared with every kind of body, and refused for the same reasons.
class ContentDigestIT {
    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge();

    private static final String BIND = "/library/shelves/1/books/2:bind";

    private static StreamClient client;

    @BeforeAll
    static void open() {
        client = edge.client(SessionProtocol.H2C);
    }

    @AfterAll
    static void close() {
        client.close();
    }

    /// Where a digest can be promised.
    private enum Kind {
        JSON("/library/shelves/1/books", "application/json", "{}"),
        NO_LINES("/library/shelves/1/books:import", "", ""),
        LINES("/library/shelves/1/books:import", StreamClient.LINES, "{}\n{}\n"),
        ARRAY("/library/shelves/1/books:import", "application/json", "[{}, {}] "),
        STREAMED_BYTES("/library/shelves/1/books/2/text", "text/plain", "text"),
        FILE(BIND, "text/plain", "text"),
        FORM(
                BIND,
                Multipart.TYPE,
                new Multipart().file("file", "a", new byte[] {'a'}).finishedText()),
        PART(BIND, Multipart.TYPE, "text"),
        FORM_FIELD(BIND, Multipart.TYPE, "text");

        private final String path;
        private final String type;
        private final String content;

        Kind(String path, String type, String content) {
            this.path = path;
            this.type = type;
            this.content = content;
        }

        private AggregatedHttpResponse send(String digest) {
            var headers = client.headers(HttpMethod.POST, path);
            if (!type.isEmpty()) {
                headers.set(HttpHeaderNames.CONTENT_TYPE, type);
            }
            return switch (this) {
                case PART ->
                    client.send(headers, part("file\"; filename=\"a", digest).finishedText());
                case FORM_FIELD ->
                    client.send(
                            headers,
                            part("title", digest)
                                    .file("file", "a", new byte[] {'a'})
                                    .finishedText());
                default -> client.send(headers.set("content-digest", digest), content);
            };
        }

        private Multipart part(String name, String digest) {
            return new Multipart()
                    .part(
                            "Content-Disposition: form-data; name=\"" + name + "\"\r\nContent-Digest: " + digest,
                            content.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String digest(String algorithm, String content) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(content.getBytes(StandardCharsets.UTF_8));
            return algorithm.toLowerCase(Locale.ROOT) + "=:"
                    + Base64.getEncoder().encodeToString(digest) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Kind> kinds() {
        return Stream.of(Kind.values());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void takesWhatKeepsItsDigests(Kind kind) {
        String both = digest("SHA-256", kind.content) + ", md5=:AA==:, " + digest("SHA-512", kind.content) + ";q=1";
        var answer = kind.send(both);
        assertThat(answer.status().code()).as(answer.contentUtf8()).isEqualTo(200);
    }

    private static Stream<Arguments> faults() {
        String other = digest("SHA-256", "another");
        String half = digest("SHA-512", "another").replaceAll("=:.*:", "=:" + "A".repeat(43) + "=:");
        return kinds().flatMap(kind -> Stream.of(
                Arguments.of(kind, other, "DIGEST_MISMATCH"),
                Arguments.of(kind, digest("SHA-256", kind.content) + "," + half, "DIGEST_MALFORMED"),
                Arguments.of(kind, "sha-256=abc", "DIGEST_MALFORMED"),
                Arguments.of(kind, "sha-256=:a:", "DIGEST_MALFORMED"),
                Arguments.of(kind, "sha-256=:AAAA:", "DIGEST_MALFORMED"),
                Arguments.of(kind, "md5=:AA==:", "DIGEST_UNSUPPORTED")));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void refusesWhatBreaksItsDigestOrHasNoneToKeep(Kind kind, String digest, String reason) {
        var answer = kind.send(digest);
        assertThat(answer.contentUtf8()).contains("\"reason\":\"" + reason + "\"", "Content-Digest");
        assertThat(answer.status().code()).isEqualTo(400);
    }
}
