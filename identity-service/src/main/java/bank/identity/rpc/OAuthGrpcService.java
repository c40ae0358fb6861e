package bank.identity.rpc;

import bank.identity.keys.SigningKeys;
import bank.platform.grpc.Answer;
import bank.platform.grpc.Call;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;

/// `OAuthService`: takes each exchange of OAuth 2 to what answers its path.
public final class OAuthGrpcService extends OAuthServiceGrpc.OAuthServiceImplBase {
    private final TokenEndpoint tokens;
    private final RevocationEndpoint revocations;
    private final IntrospectionEndpoint introspections;
    private final SigningKeys keys;

    /// @param tokens answers `/token`
    /// @param revocations answers `/oauth2/revoke`
    /// @param introspections answers `/oauth2/introspect`
    /// @param keys published as the key set
    public OAuthGrpcService(
            TokenEndpoint tokens,
            RevocationEndpoint revocations,
            IntrospectionEndpoint introspections,
            SigningKeys keys) {
        this.tokens = tokens;
        this.revocations = revocations;
        this.introspections = introspections;
        this.keys = keys;
    }

    @Override
    public void exchange(RawHttpRequest request, StreamObserver<HttpBody> observer) {
        var answer = switch (request.getPath()) {
            case "/token", "/oauth2/token" ->
                request.getMethod().equals("POST") ? tokens.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/oauth2/revoke" ->
                request.getMethod().equals("POST") ? revocations.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/oauth2/introspect" ->
                request.getMethod().equals("POST") ? introspections.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/.well-known/jwks.json" ->
                request.getMethod().equals("GET")
                        ? OAuthAnswer.keySet(keys.published())
                        : OAuthAnswer.methodNotAllowed();
            default -> OAuthAnswer.notFound();
        };
        var call = Call.current();
        call.answerStatus(answer.status());
        answer.headers().forEach(call::answerHttp);
        Answer.one(
                observer,
                HttpBody.newBuilder()
                        .setContentType(answer.contentType())
                        .setData(ByteString.copyFromUtf8(answer.body()))
                        .build());
    }
}
