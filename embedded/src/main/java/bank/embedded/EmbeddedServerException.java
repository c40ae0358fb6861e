package bank.embedded;

import org.jspecify.annotations.Nullable;

/// An embedded server could not be started, used or stopped; the message is one line fit for the operator.
public final class EmbeddedServerException extends RuntimeException {

    /// @param message what failed and where, in one line
    /// @param cause the underlying failure, if there is one
    public EmbeddedServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// @param message what failed and where, in one line
    public EmbeddedServerException(String message) {
        this(message, null);
    }
}
