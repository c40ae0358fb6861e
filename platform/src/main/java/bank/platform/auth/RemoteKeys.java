package bank.platform.auth;

import bank.v1.OAuthServiceGrpc;
import bank.v1.RawHttpRequest;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Public keys of identity-service, read over gRPC and kept: refreshed ahead of time, when an unknown
/// `kid` appears (at most every 5 seconds), and served on for an hour when identity-service is down.
public final class RemoteKeys {
    private static final String PATH = "/.well-known/jwks.json";
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration READ_TIME_MAX = Duration.ofSeconds(5);
    private static final Duration SERVED_WHEN_DOWN = Duration.ofHours(1);

    private RemoteKeys() {}

    /// Keys served by the identity-service behind the channel.
    public static JWKSource<SecurityContext> of(Channel identity) {
        var source = new Source(identity);
        var kept = JWKSourceBuilder.create(source)
                .cache(KEPT.toMillis(), READ_TIME_MAX.toMillis() * 2)
                .rateLimited(Duration.ofSeconds(5).toMillis())
                .retrying(true)
                .outageTolerant(SERVED_WHEN_DOWN.toMillis())
                .build();
        return (selector, context) -> {
            try {
                return kept.get(selector, context);
            } catch (RateLimitReachedException e) {
                // The keys were read moments ago: a kid they lack is forged, not a reason to try again later.
                var last = source.last(System.currentTimeMillis());
                if (last == null) {
                    throw e;
                }
                return selector.select(last);
            }
        };
    }

    private record Read(JWKSet keys, long at) {}

    private static final class Source implements JWKSetSource<SecurityContext> {
        private final Channel identity;
        private volatile @Nullable Read last;

        Source(Channel identity) {
            this.identity = identity;
        }

        /// The keys read last, unless that is too long ago.
        @Nullable
        JWKSet last(long now) {
            var read = last;
            return read == null || now - read.at() > SERVED_WHEN_DOWN.toMillis() ? null : read.keys();
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refreshEvaluator, long currentTime, SecurityContext context)
                throws KeySourceException {
            var keys = read();
            last = new Read(keys, currentTime);
            return keys;
        }

        private JWKSet read() throws KeySourceException {
            try {
                // A call's own deadline or end must not end the reading of keys that all calls share.
                var answer = Context.ROOT.call(() -> OAuthServiceGrpc.newBlockingStub(identity)
                        .withDeadlineAfter(READ_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS)
                        .exchange(RawHttpRequest.newBuilder()
                                .setMethod("GET")
                                .setPath(PATH)
                                .build()));
                return JWKSet.parse(answer.getData().toStringUtf8());
            } catch (StatusRuntimeException e) {
                throw new JWKSetUnavailableException("identity-service did not answer", e);
            } catch (ParseException e) {
                throw new JWKSetUnavailableException("identity-service answered no key set", e);
            } catch (Exception e) {
                throw new KeySourceException("keys could not be read", e);
            }
        }

        @Override
        public void close() {}
    }
}
