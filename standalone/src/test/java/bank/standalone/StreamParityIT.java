package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.json.JsonCodec;
import bank.edge.json.JsonMode;
import bank.edge.route.ProtoFiles;
import bank.standalone.Caller.Answer;
import bank.standalone.FileCaller.Sent;
import bank.testing.TestDocuments;
import bank.v1.BatchDocument;
import bank.v1.BatchForm;
import bank.v1.DocumentForm;
import com.google.common.hash.Hashing;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Files sent and received over HTTP, as a form and as the body itself, over gRPC through the edge and over
/// gRPC to document-service have the same results: answers, failures with their reasons and fields, entity
/// tags, replays, bytes and what is said of them.
class StreamParityIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static Http http;
    private static JsonCodec codec;
    private static ManagedChannel edge;
    private static ManagedChannel documents;

    @BeforeAll
    static void connect() {
        http = new Http(bank.uri());
        codec = new JsonCodec(JsonMode.HOUSE, ProtoFiles.bankV1()::message);
        edge = channel(bank.uri().getPort());
        documents = channel(bank.documentPort());
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @AfterAll
    static void disconnect() throws InterruptedException {
        for (var channel : List.of(edge, documents)) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static FileCaller form() {
        return new FileCaller.Multipart(http, codec);
    }

    private static FileCaller body() {
        return new FileCaller.Raw(new FileCaller.Multipart(http, codec));
    }

    private static FileCaller throughTheEdge() {
        return new FileCaller.Grpc(edge, codec);
    }

    private static FileCaller straight() {
        return new FileCaller.Grpc(documents, codec);
    }

    @Test
    void everyWayOfSendingFilesHasTheSameResults() {
        var form = new FileStory(http, form()).tell();
        // Every step counts: one that is taken away, or told by no way, shows here.
        assertThat(form).hasSize(FileStory.STEPS);
        assertThat(new FileStory(http, body()).tell()).isEqualTo(form);
        assertThat(new FileStory(http, throughTheEdge()).tell()).isEqualTo(form);
        assertThat(new FileStory(http, straight()).tell()).isEqualTo(form);
    }

    @Test
    void anUploadRepeatedByAnotherWayIsTheSameUpload() {
        var client = http.token("client2@demo.test", RunningBank.PASSWORD);
        var key = Map.of("idempotency-key", UUID.randomUUID().toString());
        var details = DocumentForm.newBuilder()
                .setDescription("Один раз, как ни пошли")
                .setCategory("contracts")
                .build();
        var content = TestDocuments.bytes("scan.png");
        var digest = "sha-256=:"
                + Base64.getEncoder()
                        .encodeToString(Hashing.sha256().hashBytes(content).asBytes())
                + ":";
        var first = form().upload(details, new Sent("скан 1.png", content), client, key);
        assertThat(first.code()).isEqualTo("OK");
        assertThat(first.replayed()).isFalse();
        for (var way : List.of(body(), throughTheEdge(), straight(), form())) {
            replays(way.upload(details, new Sent("скан 1.png", content, digest), client, key), first);
        }

        var id = first.body().path("document_id").asLong();
        var pdf = TestDocuments.bytes("bank-statement.pdf");
        var replaced = straight().replace(id, new Sent("выписка.pdf", pdf), client, key);
        assertThat(replaced.code()).isEqualTo("OK");
        for (var way : List.of(form(), body(), throughTheEdge(), straight())) {
            replays(way.replace(id, new Sent("выписка.pdf", pdf), client, key), replaced);
        }

        var employee = http.token("employee@demo.test", RunningBank.PASSWORD);
        var owner = http.get("/v1/users/me", client).json().at("/user/id").asLong();
        var batch = BatchForm.newBuilder()
                .addDocuments(BatchDocument.newBuilder().setUserId(owner).setDescription("1"))
                .addDocuments(BatchDocument.newBuilder().setUserId(owner).setCategory("Финансы"))
                .build();
        var files = List.of(new Sent("1.pdf", pdf), new Sent("2.png", content));
        var stored = throughTheEdge().batch(batch, files, employee, key);
        assertThat(stored.body().path("document_ids")).hasSize(2);
        for (var way : List.of(straight(), form())) {
            replays(way.batch(batch, files, employee, key), stored);
        }
    }

    private static void replays(Answer again, Answer first) {
        assertThat(again).isEqualTo(Answer.ok(first.body(), first.etag(), true));
    }
}
