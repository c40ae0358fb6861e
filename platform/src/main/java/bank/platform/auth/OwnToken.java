package bank.platform.auth;

import java.util.function.Supplier;

/// Gives access tokens of this service itself.
@FunctionalInterface
public interface OwnToken extends Supplier<String> {
    /// Gives a token no more that was refused before its end, as when the key that signed it was withdrawn.
    default void forget(String refused) {}
}
