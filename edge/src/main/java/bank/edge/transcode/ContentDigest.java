package bank.edge.transcode;

import bank.edge.problem.EdgeFailures;
import bank.platform.failure.FailureException;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.RequestHeaders;
import io.netty.util.AsciiString;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The digests a `Content-Digest` header (RFC 9530) promises for a body, computed while the body is read.
final class ContentDigest {
    private static final AsciiString NAME = AsciiString.cached("content-digest");
    private static final Pattern MEMBER = Pattern.compile("([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;.*)?");
    private static final Map<String, String> SUPPORTED = Map.of("sha-256", "SHA-256", "sha-512", "SHA-512");

    private record Promise(MessageDigest digest, ByteString promised) {}

    private final List<Promise> promises = new ArrayList<>();

    /// Value of the header; empty when there is none. Several lines of it are one list (RFC 9110, section 5.3).
    static String header(RequestHeaders headers) {
        return headers.contains(NAME) ? String.join(", ", headers.getAll(NAME)) : "";
    }

    /// Of several digests by one algorithm the last counts (RFC 9651, section 3.2), so that a body is digested by each
    /// algorithm once at most.
    ///
    /// @param header value of the header; empty when there is none, and then everything holds
    /// @throws FailureException INVALID_ARGUMENT, reason DIGEST_MALFORMED, or DIGEST_UNSUPPORTED when it has no
    ///     algorithm this system knows
    ContentDigest(String header) {
        if (header.isEmpty()) {
            return;
        }
        var last = new LinkedHashMap<String, String>();
        for (String member : header.split(",", -1)) {
            var match = MEMBER.matcher(member.strip());
            if (!match.matches()) {
                throw malformed("expected sha-256=:…: in base64");
            }
            String algorithm = SUPPORTED.get(match.group(1));
            if (algorithm != null) {
                last.put(algorithm, match.group(2));
            }
        }
        last.forEach((algorithm, value) -> promises.add(promise(digest(algorithm), value)));
        if (promises.isEmpty()) {
            throw EdgeFailures.malformed("DIGEST_UNSUPPORTED", "Content-Digest: expected sha-256 or sha-512")
                    .exception();
        }
    }

    /// Compares a whole body with what a header promises for it.
    ///
    /// @param header value of the header; empty when there is none
    /// @throws FailureException INVALID_ARGUMENT when the header cannot be used, or with reason DIGEST_MISMATCH
    static void require(String header, byte[] body) {
        if (!header.isEmpty()) {
            var digest = new ContentDigest(header);
            digest.promises.forEach(promise -> promise.digest().update(body));
            digest.require();
        }
    }

    /// The body, digested as it is read.
    InputStream watch(InputStream body) {
        InputStream watched = body;
        for (Promise promise : promises) {
            watched = new DigestInputStream(watched, promise.digest());
        }
        return watched;
    }

    /// Compares what was read with what was promised.
    ///
    /// @throws FailureException INVALID_ARGUMENT, reason DIGEST_MISMATCH
    void require() {
        for (Promise promise : promises) {
            if (!MessageDigest.isEqual(
                    promise.digest().digest(), promise.promised().toByteArray())) {
                throw EdgeFailures.malformed("DIGEST_MISMATCH", "the content is not what its Content-Digest promises")
                        .exception();
            }
        }
    }

    private static Promise promise(MessageDigest digest, String base64) {
        byte[] promised;
        try {
            promised = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw malformed("expected base64");
        }
        if (promised.length != digest.getDigestLength()) {
            throw malformed("expected " + digest.getDigestLength() + " bytes by " + digest.getAlgorithm());
        }
        return new Promise(digest, ByteString.copyFrom(promised));
    }

    private static FailureException malformed(String problem) {
        return EdgeFailures.malformed("DIGEST_MALFORMED", "Content-Digest: " + problem)
                .exception();
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
