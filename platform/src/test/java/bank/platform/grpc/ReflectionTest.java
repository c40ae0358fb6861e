package bank.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.GrpcServerExtension;
import bank.v1.Contract;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReflectionTest {
    @RegisterExtension
    final GrpcServerExtension grpc = new GrpcServerExtension();

    private List<ServerReflectionResponse> ask(ServerReflectionRequest... requests) throws Exception {
        var reflection = new Reflection(Contract.getDescriptor().getFile().getServices());
        var answers = new ArrayList<ServerReflectionResponse>();
        var end = new CompletableFuture<List<ServerReflectionResponse>>();
        var asked = ServerReflectionGrpc.newStub(grpc.serve(reflection)).serverReflectionInfo(new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionResponse value) {
                answers.add(value);
            }

            @Override
            public void onError(Throwable cause) {
                end.completeExceptionally(cause);
            }

            @Override
            public void onCompleted() {
                end.complete(answers);
            }
        });
        for (var request : requests) {
            asked.onNext(request);
        }
        asked.onCompleted();
        return end.get(10, TimeUnit.SECONDS);
    }

    private static ServerReflectionRequest symbol(String name) {
        return ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(name)
                .build();
    }

    private static List<String> files(ServerReflectionResponse answer) {
        return answer.getFileDescriptorResponse().getFileDescriptorProtoList().stream()
                .map(ReflectionTest::name)
                .toList();
    }

    private static String name(ByteString file) {
        try {
            return FileDescriptorProto.parseFrom(file).getName();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void listsWhatIsServedAndHealthAndItself() throws Exception {
        var answer =
                ask(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(answer.getFirst().getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .containsExactly(
                        "bank.v1.ContractService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
    }

    @ParameterizedTest
    @CsvSource({
        "bank.v1.ContractService, bank/v1/contract_service.proto",
        "bank.v1.ContractService.GetContract, bank/v1/contract_service.proto",
        "bank.v1.Contract, bank/v1/contract_service.proto",
        "bank.v1.ContractStatus, bank/v1/contract_service.proto",
        "google.rpc.ErrorInfo, google/rpc/error_details.proto",
        "google.rpc.BadRequest.FieldViolation, google/rpc/error_details.proto",
        "google.rpc.Status, google/rpc/status.proto",
        "grpc.health.v1.Health, grpc/health/v1/health.proto"
    })
    void tellsTheFileOfASymbolWithWhatItImports(String symbol, String file) throws Exception {
        var found = files(ask(symbol(symbol)).getFirst());

        assertThat(found).first().isEqualTo(file);
        if (symbol.startsWith("google.rpc.ErrorInfo")) {
            assertThat(found).contains("google/protobuf/duration.proto");
        }
    }

    @Test
    void tellsOfExtensions() throws Exception {
        var answers = ask(
                ServerReflectionRequest.newBuilder()
                        .setAllExtensionNumbersOfType("google.protobuf.MethodOptions")
                        .build(),
                ServerReflectionRequest.newBuilder()
                        .setFileContainingExtension(ExtensionRequest.newBuilder()
                                .setContainingType("google.protobuf.MethodOptions")
                                .setExtensionNumber(72_295_728))
                        .build());

        assertThat(answers.getFirst().getAllExtensionNumbersResponse().getExtensionNumberList())
                .contains(72_295_728);
        assertThat(files(answers.getLast())).first().isEqualTo("google/api/annotations.proto");
    }

    @Test
    void answersWhatItDoesNotKnowAndGoesOn() throws Exception {
        var answers = ask(
                symbol("bank.v1.Nothing"),
                ServerReflectionRequest.newBuilder()
                        .setFileByFilename("nothing.proto")
                        .build(),
                ServerReflectionRequest.newBuilder()
                        .setAllExtensionNumbersOfType("bank.v1.Nothing")
                        .build(),
                ServerReflectionRequest.getDefaultInstance(),
                ServerReflectionRequest.newBuilder()
                        .setFileByFilename("google/rpc/status.proto")
                        .build());

        assertThat(answers.subList(0, 4))
                .extracting(answer -> answer.getErrorResponse().getErrorCode())
                .containsExactly(
                        Status.Code.NOT_FOUND.value(),
                        Status.Code.NOT_FOUND.value(),
                        Status.Code.NOT_FOUND.value(),
                        Status.Code.INVALID_ARGUMENT.value());
        assertThat(files(answers.getLast())).containsExactly("google/rpc/status.proto", "google/protobuf/any.proto");
    }
}
