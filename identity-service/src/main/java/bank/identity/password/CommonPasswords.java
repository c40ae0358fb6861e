package bank.identity.password;

import bank.identity.model.Password;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// The ten thousand commonest passwords of at least eight characters; case does not count.
public final class CommonPasswords {
    private static final String RESOURCE = "common-passwords.txt";

    private final Set<String> passwords;

    private CommonPasswords(Set<String> passwords) {
        this.passwords = passwords;
    }

    /// Reads the list that comes with the service.
    public static CommonPasswords load() {
        try (var resource = Objects.requireNonNull(CommonPasswords.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            var text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return new CommonPasswords(Set.copyOf(text.lines().toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// No password counts as common.
    public static CommonPasswords none() {
        return new CommonPasswords(Set.of());
    }

    boolean contains(Password password) {
        return passwords.contains(password.value().toLowerCase(Locale.ROOT));
    }
}
