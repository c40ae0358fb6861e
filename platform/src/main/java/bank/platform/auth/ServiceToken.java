package bank.platform.auth;

import bank.v1.HttpHeader;
import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import com.google.protobuf.ByteString;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Access token of this service itself, by client credentials; kept and renewed a minute before its
/// end.
public final class ServiceToken implements Supplier<String> {
    private static final Duration RENEWED_BEFORE_END = Duration.ofMinutes(1);

    private record Token(String value, Instant renewal) {}

    private final Channel identity;
    private final String authorization;
    private final String form;
    private final Clock clock;
    private final ReentrantLock renewing = new ReentrantLock();
    private volatile @Nullable Token token;

    /// A token with all the scopes of the service.
    ///
    /// @param clientId name of the service at identity-service
    /// @param clientSecret its secret
    public ServiceToken(Channel identity, String clientId, String clientSecret, Clock clock) {
        this(identity, clientId, clientSecret, "", clock);
    }

    /// A token with no more than it is used for.
    ///
    /// @param scope the one scope it has
    public ServiceToken(Channel identity, String clientId, String clientSecret, String scope, Clock clock) {
        this.identity = identity;
        this.form = "grant_type=client_credentials"
                + (scope.isEmpty() ? "" : "&scope=" + URLEncoder.encode(scope, StandardCharsets.UTF_8));
        this.authorization = "Basic "
                + Base64.getEncoder().encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
        this.clock = clock;
    }

    @Override
    public String get() {
        var known = token;
        if (known != null && clock.instant().isBefore(known.renewal())) {
            return known.value();
        }
        renewing.lock();
        try {
            var current = token;
            if (current == null || !clock.instant().isBefore(current.renewal())) {
                current = request();
                token = current;
            }
            return current.value();
        } finally {
            renewing.unlock();
        }
    }

    private Token request() {
        try {
            // The token outlives the call that happens to need it first.
            var answer = Context.current()
                    .fork()
                    .call(() -> OAuthServiceGrpc.newBlockingStub(identity)
                            .withDeadlineAfter(5, TimeUnit.SECONDS)
                            .exchange(RawHttpRequest.newBuilder()
                                    .setMethod("POST")
                                    .setPath("/token")
                                    .addHeaders(header("authorization", authorization))
                                    .addHeaders(header("content-type", "application/x-www-form-urlencoded"))
                                    .setBody(ByteString.copyFromUtf8(form))
                                    .build()));
            var json = JSONObjectUtils.parse(answer.getData().toStringUtf8());
            if (json.get("access_token") == null) {
                throw new IllegalStateException(
                        "identity-service refused this service's own credentials: " + json.get("error"));
            }
            return new Token(
                    JSONObjectUtils.getString(json, "access_token"),
                    clock.instant()
                            .plusSeconds(JSONObjectUtils.getLong(json, "expires_in"))
                            .minus(RENEWED_BEFORE_END));
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
