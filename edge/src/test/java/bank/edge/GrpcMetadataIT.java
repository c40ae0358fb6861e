package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Metadata of a client's and a service's own, where a set of services wants it.
class GrpcMetadataIT {
    private static final String BOOK = "/library/shelves/1/books/2";

    @RegisterExtension
    static final LibraryEdge edge = new LibraryEdge(
            Map.of("bank.edge.services.library.metadata", "true", "bank.edge.cors.origins", "https://app.test"));

    @RegisterExtension
    static final LibraryEdge closed = new LibraryEdge();

    private static HttpResponse<String> get(LibraryEdge edge, String name, String... values) {
        var request = edge.bank.request(BOOK);
        for (var value : values) {
            request.header(name, value);
        }
        return edge.bank.send(request);
    }

    private static Metadata next(LibraryEdge edge) throws InterruptedException {
        return Objects.requireNonNull(edge.library.calls.poll(10, TimeUnit.SECONDS));
    }

    private static List<String> all(Metadata metadata, String name) {
        var values = new ArrayList<String>();
        var found = metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        if (found != null) {
            found.forEach(values::add);
        }
        return values;
    }

    @Test
    void reachesTheServicesThatWantIt() throws InterruptedException {
        assertThat(get(edge, "Grpc-Metadata-Colour", "red", "blue").statusCode())
                .isEqualTo(200);

        assertThat(all(next(edge), "colour")).containsExactly("red", "blue");
    }

    @Test
    void binaryValuesAreBase64() throws InterruptedException {
        assertThat(get(edge, "Grpc-Metadata-Colour-Bin", "AQID").statusCode()).isEqualTo(200);

        assertThat(next(edge).get(Metadata.Key.of("colour-bin", Metadata.BINARY_BYTE_MARSHALLER)))
                .containsExactly(1, 2, 3);
    }

    @Test
    void isPassedOverElsewhere() throws InterruptedException {
        var answer = get(closed, "Grpc-Metadata-Colour", "red");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKey("grpc-metadata-shelf");
        assertThat(all(next(closed), "colour")).isEmpty();
    }

    @Test
    void ofTheServicesReachesTheClient() {
        var headers = get(edge, "Accept", "application/json").headers();

        assertThat(headers.allValues("grpc-metadata-shelf")).containsExactly("third");
        assertThat(headers.firstValue("set-cookie")).isEmpty();
        assertThat(headers.map().keySet())
                .doesNotContain("grpc-metadata-content-type", "grpc-metadata-grpc-encoding", "shelf");
    }

    private static String allowed(String asked) {
        var preflight = HttpRequest.newBuilder(edge.bank.uri(BOOK))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://app.test")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", asked);
        return edge.bank
                .send(preflight)
                .headers()
                .firstValue("access-control-allow-headers")
                .orElse("");
    }

    @Test
    void isAllowedToPagesOfOtherOriginsAsTheyAskForIt() {
        assertThat(allowed("authorization,grpc-metadata-colour, Grpc-Metadata-Shelf-Bin,grpc-metadata-colour")
                        .split(","))
                .contains("authorization", "if-match")
                .containsOnlyOnce("grpc-metadata-colour", "grpc-metadata-shelf-bin");
        assertThat(allowed("grpc-metadata-,grpc-metadata-a!b,x-grpc-metadata-a,grpc-metadata-" + "a".repeat(65)))
                .doesNotContain("grpc-metadata");
        var many = IntStream.rangeClosed(1, 40)
                .mapToObj(number -> "grpc-metadata-a" + number)
                .collect(Collectors.joining(","));
        assertThat(allowed(many).split(",")).contains("grpc-metadata-a32").doesNotContain("grpc-metadata-a33");
    }

    @Test
    void ofTheServicesIsReadByPagesOfOtherOrigins() {
        assertThat(get(edge, "Origin", "https://app.test").headers().firstValue("access-control-expose-headers"))
                .hasValueSatisfying(exposed -> assertThat(exposed.split(",")).contains("etag", "grpc-metadata-shelf"));
        assertThat(get(edge, "Accept", "application/json").headers().map())
                .doesNotContainKey("access-control-expose-headers");
    }

    @ParameterizedTest
    @CsvSource({
        "Grpc-Metadata-Authorization, Bearer x",
        "Grpc-Metadata-X-Client-Address, 192.0.2.1",
        "Grpc-Metadata-X-Request-Id, 7",
        "Grpc-Metadata-Grpc-Timeout, 1H",
        "Grpc-Metadata-X-Forwarded-For, 192.0.2.1",
        "Grpc-Metadata-Cookie, a=b",
        "Grpc-Metadata-, a",
        "Grpc-Metadata-a!b, a",
        "Grpc-Metadata-Te, trailers",
        "Grpc-Metadata-Colour-Bin, ***"
    })
    void cannotSayWhatTheEdgeSays(String name, String value) {
        var answer = get(edge, name, value);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("METADATA_INVALID").containsIgnoringCase(name);
    }
}
