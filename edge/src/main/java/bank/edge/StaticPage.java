package bank.edge;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// A page that never changes while the server runs, plain and compressed by gzip, each with an entity tag. It says by
/// `Vary` that it chose between them, and is compressed no further.
final class StaticPage {
    private static final int TAG_BYTES = 12;

    private final String mediaType;
    private final String policy;
    private final byte[] plain;
    private final byte[] compressed;
    private final String tag;

    /// @param mediaType value of `Content-Type`
    /// @param policy value of `Content-Security-Policy`
    StaticPage(String mediaType, String policy, byte[] content) {
        this.mediaType = mediaType;
        this.policy = policy;
        this.plain = content;
        this.compressed = compress(content);
        this.tag = HexFormat.of().formatHex(digest(content), 0, TAG_BYTES);
    }

    /// Answers a GET or HEAD, by 304 when the client has the page already.
    HttpResponse answer(HttpRequest request) {
        boolean gzip = takesGzip(request.headers().getAll(HttpHeaderNames.ACCEPT_ENCODING));
        String whole = "\"" + tag + "\"";
        String etag = gzip ? "\"" + tag + "-gzip\"" : whole;
        var headers = ResponseHeaders.builder(HttpStatus.OK)
                .set(HttpHeaderNames.CONTENT_TYPE, mediaType)
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, policy)
                .set(HttpHeaderNames.ETAG, etag)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
                .set(HttpHeaderNames.VARY, "Accept-Encoding");
        if (holds(request.headers().getAll(HttpHeaderNames.IF_NONE_MATCH), List.of(whole, etag))) {
            headers.remove(HttpHeaderNames.CONTENT_TYPE);
            return HttpResponse.of(headers.status(HttpStatus.NOT_MODIFIED).build());
        }
        byte[] content = gzip ? compressed : plain;
        if (gzip) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, "gzip");
        }
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, content.length);
        return request.method() == HttpMethod.HEAD
                ? HttpResponse.of(headers.build())
                : HttpResponse.of(headers.build(), HttpData.wrap(content));
    }

    /// Compressed or not, the page is the same: what the client names may be the tag of either.
    private static boolean holds(List<String> wanted, List<String> etags) {
        for (String tag : String.join(",", wanted).split(",", -1)) {
            String opaque = tag.strip();
            if (opaque.equals("*") || etags.contains(opaque.startsWith("W/") ? opaque.substring(2) : opaque)) {
                return true;
            }
        }
        return false;
    }

    /// The client names gzip and does not refuse it (`gzip;q=0`).
    private static boolean takesGzip(List<String> accepted) {
        for (String coding : String.join(",", accepted).toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = coding.replace(" ", "").split(";", -1);
            if (parts[0].equals("gzip")) {
                return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    private static byte[] compress(byte[] content) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
