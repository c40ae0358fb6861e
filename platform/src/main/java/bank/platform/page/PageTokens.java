package bank.platform.page;

import bank.platform.failure.Failure;
import bank.platform.grpc.Call;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Seals the position of a list into a page token. A token holds for the caller, the rpc and the
/// filter it was given to, and for no other; a changed one is refused.
public final class PageTokens {
    /// Rows in a page when the request names no size.
    public static final int SIZE_DEFAULT = 50;

    private static final int SEAL_BYTES = 16;

    private final byte[] key;

    /// @param key secret of the service, 32 bytes
    public PageTokens(byte[] key) {
        this.key = key.clone();
    }

    /// One page of a list.
    ///
    /// @param rows its rows
    /// @param nextToken token of the next page; empty on the last one
    public record Page<T>(List<T> rows, String nextToken) {
        /// The page with each row turned into another.
        public <R> Page<R> map(Function<T, R> change) {
            return new Page<>(rows.stream().map(change).toList(), nextToken);
        }
    }

    /// Cuts a page from rows read one beyond its size.
    ///
    /// @param request the request, whose fields other than `page_size` and `page_token` are the filter
    /// @param position what names the place after a row, e.g. its id
    public <T> Page<T> cut(Message request, List<T> rows, int size, Function<T, String> position) {
        if (rows.size() <= size) {
            return new Page<>(rows, "");
        }
        var page = rows.subList(0, size);
        return new Page<>(List.copyOf(page), seal(request, position.apply(page.getLast())));
    }

    /// Position sealed in the request's `page_token`, or null when it has none.
    ///
    /// @throws bank.platform.failure.FailureException INVALID_ARGUMENT, reason PAGE_TOKEN
    public @Nullable String position(Message request) {
        var token = (String) request.getField(request.getDescriptorForType().findFieldByName("page_token"));
        if (token.isEmpty()) {
            return null;
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(token);
            if (bytes.length > SEAL_BYTES) {
                var position = new String(bytes, SEAL_BYTES, bytes.length - SEAL_BYTES, StandardCharsets.UTF_8);
                if (MessageDigest.isEqual(Arrays.copyOf(bytes, SEAL_BYTES), mac(request, position))) {
                    return position;
                }
            }
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        throw refused();
    }

    private String seal(Message request, String position) {
        var text = position.getBytes(StandardCharsets.UTF_8);
        var bytes = Arrays.copyOf(mac(request, position), SEAL_BYTES + text.length);
        System.arraycopy(text, 0, bytes, SEAL_BYTES, text.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] mac(Message request, String position) {
        var type = request.getDescriptorForType();
        var filter = request.toBuilder()
                .clearField(type.findFieldByName("page_token"))
                .clearField(type.findFieldByName("page_size"))
                .build();
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : List.of(Call.current().principal().name(), type.getFullName(), position)) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
            }
            mac.update(filter.toByteArray());
            return Arrays.copyOf(mac.doFinal(), SEAL_BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static RuntimeException refused() {
        return Failure.invalid(
                        "PAGE_TOKEN",
                        "page_token",
                        "not a token given to you for this list and this filter; start again without it")
                .exception();
    }
}
