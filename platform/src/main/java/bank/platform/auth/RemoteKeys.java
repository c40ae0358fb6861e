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
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jose.util.ResourceRetriever;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Public keys of an issuer, read and kept for 5 minutes, those of identity-service for 20 seconds, so that one that is
/// withdrawn stops counting within a minute: renewed in the background by what asks for them in the last part of these,
/// read anew when an unknown `kid` appears (at most twice in 5 seconds), and served on for an hour when they cannot be
/// read.
public final class RemoteKeys {
    private static final String PATH = "/.well-known/jwks.json";
    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int KEY_SET_BYTES_MAX = 256 * 1024;
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration OWN_KEPT = Duration.ofSeconds(20);
    private static final Duration RENEWED_AHEAD = Duration.ofSeconds(30);
    private static final Duration OWN_RENEWED_AHEAD = Duration.ofSeconds(5);
    private static final Duration READ_TIME_MAX = Duration.ofSeconds(5);
    private static final Duration SERVED_WHEN_DOWN = Duration.ofHours(1);

    private RemoteKeys() {}

    /// Keys served by the identity-service behind the channel.
    public static JWKSource<SecurityContext> of(Channel identity) {
        return kept(new Source(() -> read(identity)), OWN_KEPT, OWN_RENEWED_AHEAD);
    }

    /// Keys served over HTTP, at most 256 KiB of JSON; redirects are not followed.
    ///
    /// @param address `https`, or `http` on this machine
    public static JWKSource<SecurityContext> of(URI address) {
        var retriever = retriever();
        return kept(new Source(() -> read(retriever, address)), KEPT, RENEWED_AHEAD);
    }

    private static ResourceRetriever retriever() {
        return new DefaultResourceRetriever(
                (int) READ_TIME_MAX.toMillis(), (int) READ_TIME_MAX.toMillis(), KEY_SET_BYTES_MAX) {
            @Override
            protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
                var connection = super.openHTTPConnection(url);
                connection.setInstanceFollowRedirects(false);
                return connection;
            }
        };
    }

    /// Keys served over HTTP where the issuer's own description of itself (OpenID Connect Discovery 1.0) says.
    ///
    /// @param issuer `https`, or `http` on this machine
    public static JWKSource<SecurityContext> discovered(String issuer) {
        var retriever = retriever();
        var description =
                URI.create((issuer.endsWith("/") ? issuer : issuer + "/") + ".well-known/openid-configuration");
        return kept(new Source(() -> read(retriever, address(retriever, description, issuer))), KEPT, RENEWED_AHEAD);
    }

    /// What is read from there is not changed on the way.
    public static boolean isSafe(String address) {
        try {
            var url = URI.create(address);
            return url.getHost() != null
                    && ("https".equals(url.getScheme())
                            || ("http".equals(url.getScheme()) && THIS_MACHINE.contains(url.getHost())));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static URI address(ResourceRetriever retriever, URI description, String issuer)
            throws JWKSetUnavailableException {
        try {
            var told = JSONObjectUtils.parse(
                    retriever.retrieveResource(description.toURL()).getContent());
            var keys = JSONObjectUtils.getString(told, "jwks_uri");
            if (!issuer.equals(told.get("issuer")) || keys == null || !isSafe(keys)) {
                throw new ParseException("another issuer, or no keys", 0);
            }
            return URI.create(keys);
        } catch (IOException | ParseException e) {
            LOG.warn("issuer {} does not tell where its keys are: {}", description.getHost(), e.toString());
            throw new JWKSetUnavailableException("the issuer does not tell where its keys are", e);
        }
    }

    private static JWKSource<SecurityContext> kept(Source source, Duration time, Duration renewedAhead) {
        var kept = JWKSourceBuilder.create(source)
                .cache(time.toMillis(), READ_TIME_MAX.toMillis() * 2)
                .refreshAheadCache(renewedAhead.toMillis(), false)
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

    private interface Reading {
        JWKSet read() throws KeySourceException;
    }

    private static final class Source implements JWKSetSource<SecurityContext> {
        private final Reading reading;
        private volatile @Nullable Read last;

        Source(Reading reading) {
            this.reading = reading;
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
            var keys = reading.read();
            last = new Read(keys, currentTime);
            return keys;
        }

        @Override
        public void close() {}
    }

    private static JWKSet read(Channel identity) throws KeySourceException {
        try {
            // A call's own deadline or end must not end the reading of keys that all calls share.
            var answer = Context.current()
                    .fork()
                    .call(() -> OAuthServiceGrpc.newBlockingStub(identity)
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

    private static JWKSet read(ResourceRetriever retriever, URI address) throws KeySourceException {
        try {
            return JWKSet.parse(retriever.retrieveResource(address.toURL()).getContent());
        } catch (IOException e) {
            LOG.warn("the keys of an issuer cannot be read from {}: {}", address.getHost(), e.toString());
            throw new JWKSetUnavailableException("the issuer did not answer", e);
        } catch (ParseException e) {
            LOG.warn("no key set is at {}", address.getHost());
            throw new JWKSetUnavailableException("the issuer answered no key set", e);
        }
    }
}
