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
    private final AuthorizationEndpoint authorizations;
    private final UserInfoEndpoint users;
    private final RevocationEndpoint revocations;
    private final IntrospectionEndpoint introspections;
    private final SigningKeys keys;
    private final ServerMetadata metadata;

    /// @param tokens answers `/token`
    /// @param authorizations answers `/oauth2/authorize`
    /// @param users answers `/oauth2/userinfo`
    /// @param revocations answers `/oauth2/revoke`
    /// @param introspections answers `/oauth2/introspect`
    /// @param keys published as the key set
    /// @param metadata what clients are told of all this
    public OAuthGrpcService(
            TokenEndpoint tokens,
            AuthorizationEndpoint authorizations,
            UserInfoEndpoint users,
            RevocationEndpoint revocations,
            IntrospectionEndpoint introspections,
            SigningKeys keys,
            ServerMetadata metadata) {
        this.tokens = tokens;
        this.authorizations = authorizations;
        this.users = users;
        this.revocations = revocations;
        this.introspections = introspections;
        this.keys = keys;
        this.metadata = metadata;
    }

    @Override
    public void exchange(RawHttpRequest request, StreamObserver<HttpBody> observer) {
        var get = request.getMethod().equals("GET");
        var post = request.getMethod().equals("POST");
        var answer = switch (request.getPath()) {
            case "/token", "/oauth2/token" -> post ? tokens.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/oauth2/revoke" -> post ? revocations.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/oauth2/introspect" -> post ? introspections.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/oauth2/authorize" -> get || post ? authorizations.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/oauth2/userinfo" -> get || post ? users.answer(request) : OAuthAnswer.methodNotAllowed();
            case "/oauth2/page.css" ->
                get ? OAuthAnswer.styleSheet(Pages.styleSheet()) : OAuthAnswer.methodNotAllowed();
            case "/.well-known/jwks.json" ->
                get ? OAuthAnswer.keySet(keys.published()) : OAuthAnswer.methodNotAllowed();
            case "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration" ->
                get ? OAuthAnswer.metadata(metadata) : OAuthAnswer.methodNotAllowed();
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
