package bank.platform.auth;

import bank.v1.HttpHeader;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Requests for tokens (RFC 6749, section 3.2) at the identity-service behind a channel, by a client with a secret.
public final class TokenRequests {
    private static final long SECONDS_MAX = 5;

    private final Channel identity;
    private final String authorization;

    /// @param clientId name of the client at identity-service
    /// @param clientSecret its secret
    public TokenRequests(Channel identity, String clientId, String clientSecret) {
        this.identity = identity;
        this.authorization = "Basic "
                + Base64.getEncoder().encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
    }

    /// Sends the parameters of a request, and gives the members of the answer: tokens, or an error.
    ///
    /// @throws io.grpc.StatusRuntimeException when identity-service does not answer
    public Map<String, Object> send(Map<String, String> parameters) {
        return send(parameters, Map.of());
    }

    /// The same for somebody else.
    ///
    /// @param metadata what is told of him, by the names in [bank.platform.grpc.Headers]
    public Map<String, Object> send(Map<String, String> parameters, Map<String, String> metadata) {
        var told = new Metadata();
        metadata.forEach((name, value) -> told.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        var form = parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        try {
            // Tokens outlive the call that happens to need them first.
            var answer = Context.current()
                    .fork()
                    .call(() -> OAuthServiceGrpc.newBlockingStub(identity)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(told))
                            .withDeadlineAfter(SECONDS_MAX, TimeUnit.SECONDS)
                            .exchange(RawHttpRequest.newBuilder()
                                    .setMethod("POST")
                                    .setPath("/token")
                                    .addHeaders(header("authorization", authorization))
                                    .addHeaders(header("content-type", "application/x-www-form-urlencoded"))
                                    .setBody(ByteString.copyFromUtf8(form))
                                    .build()));
            return JSONObjectUtils.parse(answer.getData().toStringUtf8());
        } catch (ParseException e) {
            throw new IllegalStateException("identity-service answered no token", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw Status.INTERNAL.withCause(e).asRuntimeException();
        }
    }

    private static HttpHeader header(String name, String value) {
        return HttpHeader.newBuilder().setName(name).setValue(value).build();
    }
}
