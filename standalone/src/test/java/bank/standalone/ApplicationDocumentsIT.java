package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.edge.json.JsonCodec;
import bank.edge.json.JsonMode;
import bank.edge.route.ProtoFiles;
import bank.standalone.Caller.Answer;
import bank.standalone.FileCaller.Sent;
import bank.testing.TestDocuments;
import bank.v1.CreateUploadRequest;
import bank.v1.DeleteDocumentRequest;
import bank.v1.DocumentForm;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.FinishUploadRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.UpdateDocumentRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What somebody else's application does with the documents of its user, through the edge over HTTP and over gRPC.
final class ApplicationDocumentsIT {
    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private static final Map<String, String> NO_HEADERS = Map.of();
    private static final byte[] SCAN = TestDocuments.bytes("scan.png");

    private static Http http;
    private static JsonCodec codec;
    private static ManagedChannel channel;
    private static String uploader;
    private static String reader;

    private enum Way {
        HTTP,
        GRPC
    }

    @BeforeAll
    static void signIn() {
        http = new Http(bank.uri());
        codec = new JsonCodec(JsonMode.HOUSE, ProtoFiles.bankV1()::message);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", bank.uri().getPort())
                .usePlaintext()
                .build();
        var application = new Application(http, "budget-app", true);
        uploader = application.token("client@demo.test", RunningBank.PASSWORD, Set.of("documents:upload"));
        reader = application.token("client@demo.test", RunningBank.PASSWORD, Set.of("documents:read"));
    }

    @AfterAll
    static void disconnect() throws InterruptedException {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void areUploadedReplacedUpdatedAndDeletedWithTheScopeToUpload(Way way) {
        var id = upload(way);
        assertThat(document(way, id).path("description").asText()).isEmpty();

        good(update(way, id, uploader));
        good(replace(way, id, uploader));
        var changed = document(way, id);
        assertThat(changed.path("description").asText()).isEqualTo("Справка");
        assertThat(changed.path("version").asInt()).isEqualTo(2);

        good(delete(way, id, uploader));
        assertThat(get(way, id, reader).reason()).isEqualTo("NOT_FOUND");
    }

    @ParameterizedTest
    @EnumSource
    void areUploadedByAPresignedUrlWithTheScopeToUpload(Way way) {
        var upload = good(open(way, uploader));
        http.raw("PUT", upload.path("url").asText(), "", SCAN).expect(200);
        var id = good(finish(way, upload.path("upload_id").asText(), uploader))
                .path("document_id")
                .asLong();
        assertThat(document(way, id).path("size_bytes").asInt()).isEqualTo(SCAN.length);
    }

    @ParameterizedTest
    @EnumSource
    void areNotTheReadersToChange(Way way) {
        var id = upload(way);
        var before = document(way, id);
        var refusals = refusals(way, id, reader);
        assertThat(Set.copyOf(refusals.values())).as(refusals.toString()).containsExactly("SCOPE_MISSING");
        assertThat(document(way, id)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void areNotAMachinesToChangeWithTheScopeOfUsers(Way way) {
        var id = upload(way);
        var before = document(way, id);
        var refusals = refusals(way, id, machine());
        // The machines' own scope for it is another one.
        assertThat(refusals.remove("delete")).isEqualTo("SCOPE_MISSING");
        assertThat(Set.copyOf(refusals.values())).as(refusals.toString()).containsExactly("USER_MISSING");
        assertThat(document(way, id)).isEqualTo(before);
    }

    private static Map<String, String> refusals(Way way, long id, String token) {
        var answers = new LinkedHashMap<String, Answer>();
        answers.put("upload", upload(way, token));
        answers.put("open", open(way, token));
        answers.put("finish", finish(way, UUID.randomUUID().toString(), token));
        answers.put("update", update(way, id, token));
        answers.put("replace", replace(way, id, token));
        answers.put("delete", delete(way, id, token));
        assertThat(answers.values()).extracting(Answer::code).containsOnly("PERMISSION_DENIED");
        var reasons = new LinkedHashMap<String, String>();
        answers.forEach((name, answer) -> reasons.put(name, answer.reason()));
        return reasons;
    }

    private static String machine() {
        var admin = http.token("admin@demo.test", RunningBank.PASSWORD);
        var client = http.json("POST", "/v1/oauth_clients", admin, """
                        {"id":"scanner-%s","name":"Scanner","type":"secret","grants":["client_credentials"],
                         "scopes":["documents:upload"]}""".formatted(UUID.randomUUID()))
                .expect(201)
                .json();
        var proof = client.path("id").asText() + ":" + client.path("secret").asText();
        return http.raw(
                        "POST",
                        "/token",
                        "",
                        "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8),
                        "Content-Type",
                        "application/x-www-form-urlencoded",
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(proof.getBytes(StandardCharsets.UTF_8)))
                .expect(200)
                .json()
                .path("access_token")
                .asText();
    }

    private static long upload(Way way) {
        return good(upload(way, uploader)).path("document_id").asLong();
    }

    private static Answer upload(Way way, String token) {
        return files(way).upload(DocumentForm.getDefaultInstance(), new Sent("scan.png", SCAN), token, NO_HEADERS);
    }

    private static Answer open(Way way, String token) {
        var request = CreateUploadRequest.newBuilder().setFileName("scan.png").setSizeBytes(SCAN.length);
        return call(way, DocumentServiceGrpc.getCreateUploadMethod(), request.build(), token);
    }

    private static Answer finish(Way way, String upload, String token) {
        var request = FinishUploadRequest.newBuilder().setUploadId(upload);
        return call(way, DocumentServiceGrpc.getFinishUploadMethod(), request.build(), token);
    }

    private static Answer update(Way way, long id, String token) {
        var request = UpdateDocumentRequest.newBuilder().setId(id).setDescription("Справка");
        return call(way, DocumentServiceGrpc.getUpdateDocumentMethod(), request.build(), token);
    }

    private static Answer replace(Way way, long id, String token) {
        return files(way).replace(id, new Sent("scan.png", SCAN), token, NO_HEADERS);
    }

    private static Answer delete(Way way, long id, String token) {
        var request = DeleteDocumentRequest.newBuilder().setId(id);
        return call(way, DocumentServiceGrpc.getDeleteDocumentMethod(), request.build(), token);
    }

    private static Answer get(Way way, long id, String token) {
        var request = GetDocumentRequest.newBuilder().setId(id);
        return call(way, DocumentReviewServiceGrpc.getGetDocumentMethod(), request.build(), token);
    }

    private static JsonNode document(Way way, long id) {
        return good(get(way, id, reader));
    }

    private static <Q extends Message, A extends Message> Answer call(
            Way way, MethodDescriptor<Q, A> method, Q request, String token) {
        return files(way).unary().call(method, request, token, NO_HEADERS);
    }

    private static FileCaller files(Way way) {
        return switch (way) {
            case HTTP -> new FileCaller.Multipart(http, codec);
            case GRPC -> new FileCaller.Grpc(channel, codec);
        };
    }

    private static JsonNode good(Answer answer) {
        assertThat(answer.code()).as(answer.toString()).isEqualTo("OK");
        return answer.body();
    }
}
