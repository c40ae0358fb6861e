package bank.testing;

import static bank.testing.StatusAssert.assertThatCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GrpcServerExtensionTest {
    private static final MethodDescriptor<ErrorInfo, ErrorInfo> METHOD =
            MethodDescriptor.<ErrorInfo, ErrorInfo>newBuilder()
                    .setType(MethodType.UNARY)
                    .setFullMethodName("test.Echo/Call")
                    .setRequestMarshaller(ProtoUtils.marshaller(ErrorInfo.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(ErrorInfo.getDefaultInstance()))
                    .build();

    @RegisterExtension
    final GrpcServerExtension grpc = new GrpcServerExtension();

    @Test
    void servesInProcessAndOverLoopback() {
        var request = ErrorInfo.newBuilder().setReason("привет").build();
        assertThat(call(grpc.serve(List.of(echo())), request)).isEqualTo(request);
        assertThat(call(grpc.connect(grpc.listen(List.of(echo()))), request)).isEqualTo(request);
    }

    @Test
    void readsCodeReasonMetadataAndFieldOfAFailure() {
        var failing = service((request, answer) ->
                answer.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.INVALID_ARGUMENT.value())
                        .setMessage("no such category")
                        .addDetails(Any.pack(ErrorInfo.newBuilder()
                                .setDomain("bank")
                                .setReason("CATEGORY_UNKNOWN")
                                .putMetadata("category", "9")
                                .build()))
                        .addDetails(Any.pack(BadRequest.newBuilder()
                                .addFieldViolations(
                                        BadRequest.FieldViolation.newBuilder().setField("category"))
                                .build()))
                        .build())));
        var channel = grpc.serve(List.of(failing));

        assertThatCall(() -> call(channel, ErrorInfo.getDefaultInstance()))
                .fails(Status.Code.INVALID_ARGUMENT, "CATEGORY_UNKNOWN")
                .hasMetadata("category", "9")
                .hasFieldViolation("category")
                .hasDescriptionContaining("no such");
        assertThatThrownBy(() -> assertThatCall(() -> call(channel, ErrorInfo.getDefaultInstance()))
                        .hasReason("OTHER"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("CATEGORY_UNKNOWN");
    }

    @Test
    void notesAFailureWithoutErrorInfo() throws IOException {
        var required = new ErrorInfoRequired();
        var bare = service((request, answer) -> answer.onError(Status.NOT_FOUND.asRuntimeException()));
        var name = "without ErrorInfo";
        var server = InProcessServerBuilder.forName(name)
                .addService(bare)
                .intercept(required)
                .build()
                .start();
        var channel = InProcessChannelBuilder.forName(name).build();
        try {
            assertThatThrownBy(() -> call(channel, ErrorInfo.getDefaultInstance()))
                    .isInstanceOf(StatusRuntimeException.class);
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
        assertThatThrownBy(required::check)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("test.Echo/Call answered NOT_FOUND");
    }

    private static ServerServiceDefinition echo() {
        return service((request, answer) -> {
            answer.onNext(request);
            answer.onCompleted();
        });
    }

    private static ServerServiceDefinition service(ServerCalls.UnaryMethod<ErrorInfo, ErrorInfo> method) {
        return ServerServiceDefinition.builder("test.Echo")
                .addMethod(METHOD, ServerCalls.asyncUnaryCall(method))
                .build();
    }

    private static ErrorInfo call(Channel channel, ErrorInfo request) {
        return ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT, request);
    }
}
