package bank.edge.route;

/// A path or query of a request that is not percent-encoded UTF-8 (RFC 3986), or has a NUL in it.
public final class PathEncodingException extends IllegalArgumentException {
    PathEncodingException(String encoded) {
        super("not percent-encoded UTF-8: " + encoded);
    }
}
