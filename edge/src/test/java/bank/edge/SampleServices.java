package bank.edge;

import bank.platform.auth.Issuer;
import bank.platform.auth.TokenVerifier;
import bank.platform.failure.Failure;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.Call;
import bank.platform.grpc.CallTimes;
import bank.platform.grpc.GrpcServer;
import bank.platform.telemetry.Tracing;
import bank.v1.AuditServiceGrpc;
import bank.v1.AuthServiceGrpc;
import bank.v1.ContractServiceGrpc;
import bank.v1.DocumentReviewServiceGrpc;
import bank.v1.DocumentServiceGrpc;
import bank.v1.ExternalIdentityServiceGrpc;
import bank.v1.HmrcServiceGrpc;
import bank.v1.NhsServiceGrpc;
import bank.v1.OAuthClientServiceGrpc;
import bank.v1.OAuthServiceGrpc;
import bank.v1.OrganizationServiceGrpc;
import bank.v1.RawHttpRequest;
import bank.v1.SessionServiceGrpc;
import bank.v1.SignInServiceGrpc;
import bank.v1.UserServiceGrpc;
import bank.v1.VerificationServiceGrpc;
import bank.v1.VersionServiceGrpc;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Every service of `bank.v1` behind the production interceptors, giving answers by their type alone. What
/// they give is named by the id of the request: `full` for answers with all their fields set, the name of a
/// gRPC code for a failure, anything else for answers with no field set.
final class SampleServices implements AutoCloseable {
    static final String FULL = "full";

    private static final int DEPTH_MAX = 4;
    private static final Map<String, Long> NUMBERS =
            Map.of("seconds", 1_698_226_200L, "year", 2023L, "month", 10L, "day", 25L);

    /// What goes into headers; any other text is none that is easy to print.
    private static final Map<String, String> TEXTS = Map.of("etag", "3", "content_type", "application/pdf");

    final TestTokens tokens = new TestTokens();
    private final GrpcServer server;

    SampleServices() {
        var services = Stream.of(
                        UserServiceGrpc.getServiceDescriptor(),
                        AuthServiceGrpc.getServiceDescriptor(),
                        OAuthServiceGrpc.getServiceDescriptor(),
                        OrganizationServiceGrpc.getServiceDescriptor(),
                        SessionServiceGrpc.getServiceDescriptor(),
                        VersionServiceGrpc.getServiceDescriptor(),
                        ExternalIdentityServiceGrpc.getServiceDescriptor(),
                        AuditServiceGrpc.getServiceDescriptor(),
                        OAuthClientServiceGrpc.getServiceDescriptor(),
                        SignInServiceGrpc.getServiceDescriptor(),
                        DocumentServiceGrpc.getServiceDescriptor(),
                        DocumentReviewServiceGrpc.getServiceDescriptor(),
                        ContractServiceGrpc.getServiceDescriptor(),
                        VerificationServiceGrpc.getServiceDescriptor(),
                        NhsServiceGrpc.getServiceDescriptor(),
                        HmrcServiceGrpc.getServiceDescriptor())
                .map(service -> (BindableService) () -> define(service))
                .toList();
        var keys = new ImmutableJWKSet<SecurityContext>(new JWKSet(tokens.key().toPublicJWK()));
        server = GrpcServer.start(
                "127.0.0.1",
                0,
                CallTimes.DEFAULT,
                new TokenVerifier(List.of(Issuer.identity(TestBank.tokenConfig(), keys)), Clock.systemUTC()),
                FailureTranslator.none(),
                Tracing.off(),
                services);
    }

    /// Settings that put an edge before these services.
    Map<String, String> settings() {
        String address = "127.0.0.1:" + server.port();
        return Map.of(
                "bank.edge.upstreams.identity", address,
                "bank.edge.upstreams.document", address,
                "bank.edge.upstreams.contract", address,
                "bank.edge.upstreams.registry", address);
    }

    @Override
    public void close() {
        server.close();
    }

    private ServerServiceDefinition define(ServiceDescriptor service) {
        var definition = ServerServiceDefinition.builder(service);
        service.getMethods().forEach(method -> define(definition, method));
        return definition.build();
    }

    private <Q, A> void define(ServerServiceDefinition.Builder definition, MethodDescriptor<Q, A> method) {
        definition.addMethod(
                method, ServerCalls.asyncBidiStreamingCall(observer -> new Receiver<Q, A>(method, observer)));
    }

    /// Takes a whole request, and answers.
    private final class Receiver<Q, A> implements StreamObserver<Q> {
        private final MethodDescriptor<Q, A> method;
        private final StreamObserver<A> answer;
        private @Nullable Q last;

        Receiver(MethodDescriptor<Q, A> method, StreamObserver<A> answer) {
            this.method = method;
            this.answer = answer;
        }

        @Override
        public void onNext(Q message) {
            last = message;
        }

        @Override
        public void onError(Throwable cause) {
            // Cancelled: nothing is kept.
        }

        @Override
        public void onCompleted() {
            String wanted = String.valueOf(Call.current().header("x-request-id"));
            for (var code : Status.Code.values()) {
                if (wanted.equals(code.name())) {
                    throw Failure.of(code, "SAMPLE", "a sample of a failure").exception();
                }
            }
            var schema = (ProtoMethodDescriptorSupplier) Objects.requireNonNull(method.getSchemaDescriptor());
            Descriptor type = schema.getMethodDescriptor().getOutputType();
            Message message = last instanceof RawHttpRequest request
                    ? oauth(request)
                    : wanted.equals(FULL) ? full(type, 0) : DynamicMessage.getDefaultInstance(type);
            answer.onNext(method.parseResponse(message.toByteString().newInput()));
            answer.onCompleted();
        }
    }

    private HttpBody oauth(RawHttpRequest request) {
        return switch (request.getPath()) {
            case "/.well-known/jwks.json" -> body("application/jwk-set+json", tokens.keySet());
            case "/oauth2/authorize" -> body("text/html; charset=utf-8", "<!DOCTYPE html>");
            case "/oauth2/page.css" -> body("text/css", "");
            case "/oauth2/userinfo" -> body("application/json", "{\"sub\":\"17\"}");
            case "/token", "/oauth2/token" ->
                body("application/json", "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":600}");
            case "/oauth2/revoke" -> body("application/json", "{}");
            case "/oauth2/introspect" -> body("application/json", "{\"active\":false}");
            default -> body("application/json", "{\"issuer\":\"http://bank.test\"}");
        };
    }

    private static HttpBody body(String type, String text) {
        return HttpBody.newBuilder()
                .setContentType(type)
                .setData(ByteString.copyFromUtf8(text))
                .build();
    }

    private static Message full(Descriptor type, int depth) {
        var message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            boolean tooDeep = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth > DEPTH_MAX;
            if (!tooDeep && field.isRepeated()) {
                message.addRepeatedField(field, value(message, field, depth));
                if (!field.isMapField()) {
                    message.addRepeatedField(field, value(message, field, depth));
                }
            } else if (!tooDeep) {
                message.setField(field, value(message, field, depth));
            }
        }
        return message.build();
    }

    private static Object value(Message.Builder message, FieldDescriptor field, int depth) {
        long number = NUMBERS.getOrDefault(field.getName(), 7L);
        return switch (field.getJavaType()) {
            case INT -> (int) number;
            case LONG -> number;
            case FLOAT -> 1.5f;
            case DOUBLE -> 1.5;
            case BOOLEAN -> true;
            case STRING -> TEXTS.getOrDefault(field.getName(), "Ж\n\"");
            case BYTE_STRING -> ByteString.copyFromUtf8("bytes");
            case ENUM -> field.getEnumType().getValues().getLast();
            case MESSAGE -> full(message.newBuilderForField(field).getDescriptorForType(), depth + 1);
        };
    }
}
