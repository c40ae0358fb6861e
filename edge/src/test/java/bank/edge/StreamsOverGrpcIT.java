package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.grpc.Channels;
import bank.testing.ExpectedLog;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.SessionProtocol;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same streams over gRPC through the edge and over HTTP have the same messages.
class StreamsOverGrpcIT {
    @RegisterExtension
    @Order(1)
    static final ExpectedLog log = new ExpectedLog("WARN Attempts /library.Library/");

    @RegisterExtension
    @Order(2)
    static final LibraryEdge edge = new LibraryEdge();

    private static StreamClient client;
    private static ManagedChannel connection;
    private static Channel channel;

    @BeforeAll
    static void start() {
        client = edge.client(SessionProtocol.H2C);
        connection = Channels.open("127.0.0.1:" + edge.port());
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + edge.bank.tokens.client());
        channel = ClientInterceptors.intercept(connection, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    @AfterAll
    static void stop() {
        connection.shutdownNow();
        client.close();
    }

    private static DynamicMessage message(String type, String text) throws TextFormat.ParseException {
        var message = TestLibrary.message(type);
        TextFormat.merge(text, message);
        return message.build();
    }

    private static String json(DynamicMessage message) {
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> exchange(String rpc, List<DynamicMessage> requests) throws Exception {
        var answers = new ArrayList<String>();
        var end = new CompletableFuture<List<String>>();
        var observer = new StreamObserver<DynamicMessage>() {
            @Override
            public void onNext(DynamicMessage answer) {
                answers.add(json(answer));
            }

            @Override
            public void onError(Throwable cause) {
                end.completeExceptionally(cause);
            }

            @Override
            public void onCompleted() {
                end.complete(answers);
            }
        };
        var call = channel.newCall(TestLibrary.rpc(rpc), CallOptions.DEFAULT);
        var out = rpc.equals("ImportBooks")
                ? ClientCalls.asyncClientStreamingCall(call, observer)
                : ClientCalls.asyncBidiStreamingCall(call, observer);
        requests.forEach(out::onNext);
        out.onCompleted();
        return end.get(10, TimeUnit.SECONDS);
    }

    @Test
    void serverStreamsAreAlike() throws Exception {
        var answers = ClientCalls.blockingServerStreamingCall(
                channel,
                TestLibrary.rpc("WatchBooks"),
                CallOptions.DEFAULT,
                message("library.WatchBooksRequest", "shelf: 'shelves/1' count: 3 length: 5"));
        var overGrpc = new ArrayList<String>();
        answers.forEachRemaining(answer -> overGrpc.add(json(answer)));
        var overHttp = client.get("/library/shelves/1/books:watch?count=3&length=5", StreamClient.LINES);
        assertThat(overHttp.contentUtf8().lines()).hasSize(3).containsExactlyElementsOf(overGrpc);
    }

    @Test
    void serverStreamsFailAlike() throws Exception {
        var answers = ClientCalls.blockingServerStreamingCall(
                channel,
                TestLibrary.rpc("WatchBooks"),
                CallOptions.DEFAULT,
                message("library.WatchBooksRequest", "shelf: 'shelves/1' count: 5 fail_before: 3"));
        String first = json(answers.next());
        String second = json(answers.next());
        assertThatThrownBy(answers::hasNext)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS));
        var overHttp = client.get("/library/shelves/1/books:watch?count=5&fail_before=3", StreamClient.LINES);
        assertThat(overHttp.contentUtf8().lines()).hasSize(3).startsWith(first, second);
        assertThat(overHttp.contentUtf8()).contains("{\"@error\":{");
    }

    @Test
    void clientStreamsAreAlike() throws Exception {
        var overGrpc = exchange(
                "ImportBooks",
                List.of(
                        message("library.CreateBookRequest", "parent: 'shelves/1' book { title: 'a' }"),
                        message("library.CreateBookRequest", "parent: 'shelves/1' book { pages: 7 }")));
        var overHttp = client.post(
                "/library/shelves/1/books:import", StreamClient.LINES, "{\"title\":\"a\"}\n{\"pages\":\"7\"}\n");
        assertThat(overGrpc).containsExactly(overHttp.contentUtf8());
    }

    @Test
    void streamsBothWaysAreAlike() throws Exception {
        var overGrpc = exchange(
                "ExchangeBooks",
                List.of(message("library.Book", "title: 'a'"), message("library.Book", "genre: GENRE_POEM")));
        var overHttp = client.post(
                "/library/books:exchange", StreamClient.LINES, "{\"title\":\"a\"}\n{\"genre\":\"GENRE_POEM\"}\n");
        assertThat(overHttp.contentUtf8()).isEqualTo("[" + String.join(",", overGrpc) + "]");
    }
}
