package bank.platform.page;

import bank.platform.failure.Failure;
import bank.platform.grpc.Call;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Seals the position of a list into a page token, unreadable. A token holds for the caller, the rpc and the
/// filter it was given to, and for no other; a changed one is refused.
public final class PageTokens {
    /// Rows in a page when the request names no size.
    public static final int SIZE_DEFAULT = 50;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final byte[] sealKey;
    private final byte[] nonceKey;
    private final byte[] holderKey;

    /// @param key secret of the service, 32 bytes
    public PageTokens(byte[] key) {
        sealKey = derived(key, "seal");
        nonceKey = derived(key, "nonce");
        holderKey = derived(key, "holder");
    }

    private static byte[] derived(byte[] key, String use) {
        return mac(key, ("page token " + use).getBytes(StandardCharsets.UTF_8));
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
            if (bytes.length > NONCE_BYTES) {
                var cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE_BYTES), holder(request));
                return new String(
                        cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES), StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw refused();
        }
        throw refused();
    }

    private String seal(Message request, String position) {
        var text = position.getBytes(StandardCharsets.UTF_8);
        var holder = holder(request);
        // Made of all that is sealed: it seals nothing else, and the same page has the same token.
        var nonce = Arrays.copyOf(mac(nonceKey, holder, text), NONCE_BYTES);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, holder).doFinal(text);
            var bytes = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, bytes, NONCE_BYTES, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] holder) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(sealKey, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(holder);
        return cipher;
    }

    /// Digest of what a token holds for: the caller, the rpc and the filter.
    private byte[] holder(Message request) {
        var type = request.getDescriptorForType();
        var filter = request.toBuilder()
                .clearField(type.findFieldByName("page_token"))
                .clearField(type.findFieldByName("page_size"))
                .build();
        var names = Call.current().principal().name() + '\0' + type.getFullName() + '\0';
        return mac(holderKey, names.getBytes(StandardCharsets.UTF_8), filter.toByteArray());
    }

    private static byte[] mac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
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
