package bank.edge;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.platform.grpc.Channels;
import bank.testing.ExpectedLog;
import bank.v1.ContractServiceGrpc;
import bank.v1.CreateContractRequest;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.DownloadDocumentRequest;
import bank.v1.FileHeader;
import bank.v1.GetContractRequest;
import bank.v1.GetDocumentRequest;
import bank.v1.UploadDocumentRequest;
import bank.v1.UploadDocumentResponse;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GrpcPassThroughIT {
    @RegisterExtension
    static final ExpectedLog log =
            new ExpectedLog("WARN GrpcProxy call broke off: com.linecorp.armeria.client.ResponseTimeoutException");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static TestBank bank;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        bank = new TestBank();
        channel = Channels.open("127.0.0.1:" + bank.edge.port());
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        bank.close();
    }

    private static io.grpc.ClientInterceptor token(String token) {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    @Test
    void passesUnaryCalls() {
        var document = DocumentReviewServiceGrpc.newBlockingStub(channel)
                .withInterceptors(token(bank.tokens.client()))
                .getDocument(GetDocumentRequest.newBuilder().setId(789).build());

        assertThat(document.getId()).isEqualTo(789);
        assertThat(document.getFileName()).isEqualTo("127.0.0.1");
    }

    @Test
    void passesFailuresWithTheirDetails() {
        var reviews = DocumentReviewServiceGrpc.newBlockingStub(channel).withInterceptors(token(bank.tokens.client()));

        assertThatCall(() -> reviews.getDocument(
                        GetDocumentRequest.newBuilder().setId(404).build()))
                .fails(Status.Code.NOT_FOUND, "NOT_FOUND");
        assertThatCall(() -> reviews.getDocument(GetDocumentRequest.getDefaultInstance()))
                .fails(Status.Code.INVALID_ARGUMENT, "INVALID_FIELD")
                .hasFieldViolation("id");
    }

    @Test
    void passesClientStreams() throws Exception {
        var answer = new CompletableFuture<UploadDocumentResponse>();
        var upload = DocumentServiceGrpc.newStub(channel)
                .withInterceptors(token(bank.tokens.client()))
                .uploadDocument(new StreamObserver<>() {
                    @Override
                    public void onNext(UploadDocumentResponse value) {
                        answer.complete(value);
                    }

                    @Override
                    public void onError(Throwable cause) {
                        answer.completeExceptionally(cause);
                    }

                    @Override
                    public void onCompleted() {}
                });
        upload.onNext(UploadDocumentRequest.newBuilder()
                .setFile(FileHeader.newBuilder().setFileName("Договор.pdf"))
                .build());
        for (int i = 0; i < 20; i++) {
            upload.onNext(UploadDocumentRequest.newBuilder()
                    .setChunk(ByteString.copyFrom(new byte[100_000]))
                    .build());
        }
        upload.onCompleted();

        assertThat(answer.get(10, TimeUnit.SECONDS).getSizeBytes()).isEqualTo(2_000_000);
    }

    @Test
    void passesServerStreams() {
        var pieces = DocumentServiceGrpc.newBlockingStub(channel)
                .withInterceptors(token(bank.tokens.client()))
                .downloadDocument(DownloadDocumentRequest.newBuilder().setId(5).build());
        var content = ByteString.empty();
        while (pieces.hasNext()) {
            content = content.concat(pieces.next().getData());
        }

        assertThat(content.toByteArray()).isEqualTo(TestDocumentService.CONTENT);
    }

    @Test
    void keepsTheDeadlineOfTheClient() {
        var contracts = ContractServiceGrpc.newBlockingStub(channel)
                .withInterceptors(token(bank.tokens.client()))
                .withDeadlineAfter(300, TimeUnit.MILLISECONDS);

        assertThatCall(() -> contracts.getContract(
                        GetContractRequest.newBuilder().setId(9).build()))
                .hasCode(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void doesNotLetAClientNameHisOwnAddress() {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("x-client-address", Metadata.ASCII_STRING_MARSHALLER), "10.0.0.1");
        var document = DocumentReviewServiceGrpc.newBlockingStub(channel)
                .withInterceptors(token(bank.tokens.client()), MetadataUtils.newAttachHeadersInterceptor(headers))
                .getDocument(GetDocumentRequest.newBuilder().setId(1).build());

        assertThat(document.getFileName()).isEqualTo("127.0.0.1");
    }

    @Test
    void answersUnknownServicesAsUnimplemented() {
        var unknown = io.grpc.MethodDescriptor.<CreateContractRequest, CreateContractRequest>newBuilder()
                .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("bank.v1.Nothing/Do")
                .setRequestMarshaller(
                        io.grpc.protobuf.ProtoUtils.marshaller(CreateContractRequest.getDefaultInstance()))
                .setResponseMarshaller(
                        io.grpc.protobuf.ProtoUtils.marshaller(CreateContractRequest.getDefaultInstance()))
                .build();

        assertThatCall(() -> io.grpc.stub.ClientCalls.blockingUnaryCall(
                        channel, unknown, io.grpc.CallOptions.DEFAULT, CreateContractRequest.getDefaultInstance()))
                .hasCode(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void answersHealth() {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.newBuilder()
                                .setService("bank.v1.DocumentService")
                                .build())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void reflectsTheServicesBehindIt() throws Exception {
        var services = new CompletableFuture<ServerReflectionResponse>();
        var details = new CompletableFuture<ServerReflectionResponse>();
        var asked = ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionResponse value) {
                (value.hasListServicesResponse() ? services : details).complete(value);
            }

            @Override
            public void onError(Throwable cause) {
                services.completeExceptionally(cause);
                details.completeExceptionally(cause);
            }

            @Override
            public void onCompleted() {}
        });
        asked.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        asked.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("google.rpc.ErrorInfo")
                .build());
        asked.onCompleted();

        assertThat(services.get(5, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("bank.v1.AuthService", "bank.v1.DocumentService", "grpc.health.v1.Health");
        assertThat(details.get(5, TimeUnit.SECONDS).getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
    }

    @Test
    void boundsWhatAnybodyMaySendToHealth() {
        var health = HealthGrpc.newBlockingStub(channel);
        var within =
                HealthCheckRequest.newBuilder().setService("x".repeat(60_000)).build();
        var beyond =
                HealthCheckRequest.newBuilder().setService("x".repeat(70_000)).build();

        assertThatThrownBy(() -> health.check(within))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
        assertThatThrownBy(() -> health.check(beyond))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    }
}
