package bank.document.model;

import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The digests a sender promises for a content, by algorithm: `sha-256`, `sha-512` or both.
public final class PromisedDigests {
    /// Names of the algorithms here and in `MessageDigest`, with the length of their digests in bytes.
    private static final Map<String, Integer> LENGTHS = Map.of("sha-256", 32, "sha-512", 64);

    // RFC 8941: a dictionary whose members are byte sequences, parameters ignored.
    private static final Pattern MEMBER =
            Pattern.compile("([a-z*][a-z0-9_.*-]*)[ \\t]*=[ \\t]*:([A-Za-z0-9+/=]*):[ \\t]*(?:;.*)?");

    private static final PromisedDigests NONE = new PromisedDigests(Map.of());

    private final Map<String, byte[]> digests;

    private PromisedDigests(Map<String, byte[]> digests) {
        this.digests = Map.copyOf(digests);
    }

    /// Nothing is promised.
    public static PromisedDigests none() {
        return NONE;
    }

    /// Reads the value of a Content-Digest header (RFC 9530), e.g. `sha-256=:X48E9q…:`. Empty: none. Other
    /// algorithms may stand beside, but not alone.
    ///
    /// @throws DocumentException INVALID_ARGUMENT, reason DIGEST_MALFORMED or DIGEST_UNSUPPORTED
    public static PromisedDigests parse(String header) {
        if (header.isBlank()) {
            return NONE;
        }
        var digests = new HashMap<String, byte[]>();
        for (var part : header.split(",", -1)) {
            var member = MEMBER.matcher(part.strip());
            if (!member.matches()) {
                throw malformed("not of the form sha-256=:base64:");
            }
            var algorithm = member.group(1).toLowerCase(Locale.ROOT);
            var length = LENGTHS.get(algorithm);
            if (length != null) {
                digests.put(algorithm, decode(algorithm, member.group(2), length));
            }
        }
        if (digests.isEmpty()) {
            throw new DocumentException(new DocumentFailure.DigestUnsupported());
        }
        return new PromisedDigests(digests);
    }

    /// The digest promised by that algorithm.
    public Optional<byte[]> by(String algorithm) {
        return Optional.ofNullable(digests.get(algorithm));
    }

    private static byte[] decode(String algorithm, String base64, int length) {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw malformed("the " + algorithm + " digest is no base64");
        }
        throw malformed("a " + algorithm + " digest has " + length + " bytes");
    }

    private static DocumentException malformed(String problem) {
        return new DocumentException(new DocumentFailure.DigestMalformed(problem));
    }
}
