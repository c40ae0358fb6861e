package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.grpc.Channels;
import bank.testing.ExpectedLog;
import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Services of another system, put behind the edge by settings alone.
class FurtherServicesIT {
    @RegisterExtension
    @Order(1)
    static final ExpectedLog log = new ExpectedLog("WARN Attempts /library.Library/");

    @RegisterExtension
    @Order(2)
    static final LibraryEdge edge = new LibraryEdge();

    private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"reason\":\"" + reason + "\"");
    }

    @Test
    void speaksPlainProtoJson() {
        var answer = edge.bank.get("/library/shelves/1/books/2");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"name\":\"shelves/1/books/2\",\"title\":\"Мёртвые души\",\"pages\":\"352\"}");
    }

    @Test
    void speaksTheHouseFormWhenToldTo() throws IOException {
        try (var services = new TestLibrary()) {
            var settings = services.settings();
            settings.put("bank.edge.services.library.mode", "house");
            try (var house = new TestBank(settings)) {
                assertThat(house.get("/library/shelves/1/books/2").body())
                        .isEqualTo("{\"name\":\"shelves/1/books/2\",\"title\":\"Мёртвые души\",\"pages\":352,"
                                + "\"author_names\":[],\"digest\":\"\"}");
                assertThat(house.send(house.request("/library/shelves/1/books/2")
                                        .DELETE())
                                .statusCode())
                        .isEqualTo(204);
                assertProblem(house.get("/library/shelves/1/books/2?unknown=1"), 400, "INVALID_FIELD");
            }
        }
    }

    @Test
    void takesBodiesFieldsAndPatches() {
        var created =
                edge.bank.json("POST", "/library/shelves/1/books", "{\"title\":\"Нос\",\"genre\":\"GENRE_NOVEL\"}");
        assertThat(created.statusCode()).isEqualTo(200);
        assertThat(created.body()).isEqualTo("{\"title\":\"Нос\",\"genre\":\"GENRE_NOVEL\"}");
        var whole = edge.bank.json("PUT", "/library/shelves/1/books", "{\"book\":{\"pages\":\"9\"}}");
        assertThat(whole.body()).isEqualTo("{\"pages\":\"9\"}");
        var changed = edge.bank.json("PATCH", "/library/shelves/1/books/2", "{\"title\":\"Нос\"}");
        assertThat(changed.body()).isEqualTo("{\"name\":\"shelves/1/books/2\",\"title\":\"Нос\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "null"})
    void refusesAPatchThatNamesNothingToChange(String body) {
        var refused = edge.bank.json("PATCH", "/library/shelves/1/books/2", body);
        assertProblem(refused, 400, "INVALID_FIELD");
        assertThat(refused.body()).contains("\"errors\":[{\"field\":\"update_mask\"");
        assertThat(edge.library.calls).isEmpty();
        assertThat(edge.bank
                        .json("PATCH", "/library/shelves/1/books/2?updateMask=title", body)
                        .body())
                .isEqualTo("{\"name\":\"shelves/1/books/2\"}");
    }

    @Test
    void answersEmptyAndSingleFields() {
        var deleted =
                edge.bank.send(edge.bank.request("/library/shelves/1/books/2").DELETE());
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(deleted.body()).isEqualTo("{}");
        assertThat(edge.bank.get("/library/shelves/1/books/2:title").body()).isEqualTo("\"Мёртвые души\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"})
    void noHeaderTakesThePlaceOfTheMethod(String header) {
        var read =
                edge.bank.send(edge.bank.request("/library/shelves/1/books/2").header(header, "DELETE"));
        assertThat(read.body()).contains("\"title\":\"Мёртвые души\"");
        var posted = edge.bank.send(edge.bank
                .request("/library/shelves/1/books/2?_method=PATCH")
                .header("Content-Type", "application/json")
                .header(header, "PATCH")
                .POST(HttpRequest.BodyPublishers.ofString("{\"title\":\"Нос\"}")));
        assertProblem(posted, 405, "METHOD_NOT_ALLOWED");
    }

    @Test
    void passesOverUnknownQueryParametersButNotOverBadOnes() {
        assertThat(edge.bank.get("/library/shelves/1/books/2?utm_source=mail").statusCode())
                .isEqualTo(200);
        assertProblem(edge.bank.get("/library/shelves/1/books/2?name=other"), 400, "INVALID_FIELD");
    }

    @ParameterizedTest
    @CsvSource({"GET, /library/shelves/1/books/2", "DELETE, /library/shelves/1/books/2"})
    void needsAGoodToken(String method, String path) {
        var body = HttpRequest.BodyPublishers.noBody();
        assertProblem(
                edge.bank.send(HttpRequest.newBuilder(edge.bank.uri(path)).method(method, body)), 401, "TOKEN_MISSING");
        assertProblem(
                edge.bank.send(HttpRequest.newBuilder(edge.bank.uri(path))
                        .header("Authorization", "Bearer " + edge.bank.tokens.forged())
                        .method(method, body)),
                401,
                "TOKEN_INVALID");
    }

    @Test
    void opensAServiceToAnybody() {
        assertThat(edge.bank
                        .send(HttpRequest.newBuilder(edge.bank.uri("/library/count")))
                        .body())
                .isEqualTo("{\"count\":\"3\"}");
    }

    @Test
    void asksForAScopeWhenToldTo() throws IOException {
        try (var services = new TestLibrary()) {
            var settings = services.settings();
            settings.put("bank.edge.services.library.scope", "library:read");
            try (var guarded = new TestBank(settings)) {
                assertProblem(guarded.get("/library/shelves/1/books/2"), 403, "SCOPE_MISSING");
                var machine = HttpRequest.newBuilder(guarded.uri("/library/shelves/1/books/2"))
                        .header("Authorization", "Bearer " + guarded.tokens.machine("documents:read library:read"));
                assertThat(guarded.send(machine).statusCode()).isEqualTo(200);
                assertThat(guarded.send(HttpRequest.newBuilder(guarded.uri("/library/count")))
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void isReachedOverGrpcUnderTheSameCheck() {
        var channel = Channels.open("127.0.0.1:" + edge.port());
        try {
            assertThatThrownBy(() -> count(channel, "Library/GetBook"))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
            assertThat(count(channel, "Catalogue/CountBooks")).containsExactly(8, 3);
        } finally {
            channel.shutdownNow();
        }
    }

    private static byte[] count(io.grpc.Channel channel, String rpc) {
        var bytes = new MethodDescriptor.Marshaller<byte[]>() {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        var method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("library." + rpc)
                .setRequestMarshaller(bytes)
                .setResponseMarshaller(bytes)
                .build();
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, new byte[0]);
    }

    @Test
    void tellsWhatItRefusesInItsWords() {
        var missing = edge.bank.get("/library/shelves/1/books/missing");
        assertProblem(missing, 404, "NOT_FOUND");
        assertThat(missing.body()).contains("\"detail\":\"no such book\"");
    }

    @Test
    void tellsThatItBrokeDownWithoutItsWords() {
        var broken = edge.bank.get("/library/shelves/1/books/broken");
        assertProblem(broken, 500, "INTERNAL");
        assertThat(broken.body()).doesNotContain("shelf-7");
    }

    @Test
    void setsNoHeadersByItsFailures() {
        var kept = edge.bank.get("/library/shelves/1/books/kept");
        assertProblem(kept, 401, "KEPT");
        assertThat(kept.headers().allValues("www-authenticate")).containsExactly("Bearer realm=\"bank\"");
        assertThat(kept.headers().map().keySet()).doesNotContain("allow", "content-range");
    }

    @Test
    void neitherWordsOfABreakdownNorHeadersOfHttpReachGrpcCallers() {
        var channel = Channels.open("127.0.0.1:" + edge.port());
        var headers = new AtomicReference<Metadata>();
        var trailers = new AtomicReference<Metadata>();
        var signed = new Metadata();
        signed.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + edge.bank.tokens.client());
        var watched = ClientInterceptors.intercept(
                channel,
                MetadataUtils.newAttachHeadersInterceptor(signed),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
        try {
            assertThat(get(watched, "shelves/1/books/2").getAllFields()).hasSize(3);
            assertThat(headers.get().keys())
                    .contains("shelf")
                    .doesNotContain("set-cookie", "nel", "report-to", "x-accel-redirect", "service-worker-allowed");
            assertThat(headers.get().keys()).doesNotContain("content-length");
            assertThat(trailers.get().keys()).contains("shelf").doesNotContain("set-cookie");

            assertThatThrownBy(() -> get(watched, "shelves/1/books/broken"))
                    .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
                        assertThat(e.getStatus().getDescription()).doesNotContain("shelf-7");
                    });
        } finally {
            channel.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc-web", "application/grpc-web-text"})
    void twoAnswersOfKnownLengthStandOneAfterTheOtherOverGrpcWeb(String type) throws IOException {
        String body = type.endsWith("text") ? "AAAAAAA=" : "\0\0\0\0\0";
        try (var connection = new RawHttp(edge.port())) {
            for (int i = 0; i < 2; i++) {
                connection.send("POST /library.Catalogue/CountBooks HTTP/1.1\r\nHost: edge\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                var answer = connection.receive();
                assertThat(answer).isNotNull();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers()).doesNotContainKeys("content-length", "nel", "set-cookie");
                assertThat(type.endsWith("text") ? decoded(answer.body()) : answer.body())
                        .startsWith("\0\0\0\0\2\b\3")
                        .contains("grpc-status: 0\r\n");
            }
        }
    }

    /// What pieces of base64 say, each with padding of its own.
    private static String decoded(String pieces) {
        var text = new StringBuilder();
        for (int i = 0; i < pieces.length(); i += 4) {
            byte[] piece = Base64.getDecoder().decode(pieces.substring(i, i + 4));
            text.append(new String(piece, StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    private static DynamicMessage get(io.grpc.Channel channel, String name) {
        var request = TestLibrary.message("library.GetBookRequest");
        var field = request.getDescriptorForType().findFieldByName("name");
        return ClientCalls.blockingUnaryCall(
                channel,
                TestLibrary.rpc("GetBook"),
                CallOptions.DEFAULT,
                request.setField(field, name).build());
    }

    @Test
    void passesOnNoHeadersOfTheClientButThoseListed() throws InterruptedException {
        edge.bank.send(edge.bank
                .request("/library/shelves/1/books/2")
                .header("X-Client-Address", "10.0.0.1")
                .header("Cookie", "session=1")
                .header("Grpc-Metadata-X-Admin", "yes")
                .header("Accept-Language", "ru"));
        Metadata headers = edge.library.calls.take();
        assertThat(header(headers, "x-client-address")).isEqualTo("127.0.0.1");
        assertThat(header(headers, "accept-language")).isEqualTo("ru");
        assertThat(headers.keys()).doesNotContain("cookie", "grpc-metadata-x-admin", "x-admin");
    }

    private static String header(Metadata headers, String name) {
        return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "descriptors, /nowhere/set.binpb, cannot read the descriptor set /nowhere/set.binpb",
        "open, library.Unknown, has no service library.Unknown to open to anybody",
    })
    void doesNotStartWithWhatCannotBeUsed(String setting, String value, String message) {
        var settings = edge.library.settings();
        settings.put("bank.edge.services.library." + setting, value);
        assertThatThrownBy(() -> new TestBank(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void doesNotStartWithARouteWhereTheEdgeHasAPageOfItsOwn() {
        var settings = Map.of(
                "bank.edge.services.taken.descriptors",
                        TestDescriptors.file("route/taken.proto").toString(),
                "bank.edge.services.taken.address", edge.library.address());
        assertThatThrownBy(() -> new TestBank(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /docs/{name}")
                .hasMessageContaining("pages of its own");
    }

    @Test
    void doesNotStartWithAnUploadThatDoesNotFitItsMessages() {
        var settings = Map.of(
                "bank.edge.services.files.descriptors",
                        TestDescriptors.file("route/uploads.proto").toString(),
                "bank.edge.services.files.address", edge.library.address());
        assertThatThrownBy(() -> new TestBank(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/uploads.Files/Store")
                .hasMessageContaining("file: no field heading in uploads.Piece");
    }

    @Test
    void doesNotStartWithAServiceDescribedTwice() {
        var settings = edge.library.settings();
        settings.putAll(Map.of(
                "bank.edge.services.again.descriptors",
                        TestLibrary.descriptors().toString(),
                "bank.edge.services.again.address", edge.library.address()));
        assertThatThrownBy(() -> new TestBank(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("service library\\.\\w+ is described twice");
    }
}
