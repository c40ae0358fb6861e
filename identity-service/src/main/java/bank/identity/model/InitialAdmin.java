package bank.identity.model;

import java.io.PrintStream;

/// The administrator made at the first start, with the only copy of his password.
public record InitialAdmin(EmailAddress email, Password password) {
    /// Prints a line that names him and his password.
    ///
    /// @throws IllegalStateException when it can't be written
    public void print(PrintStream out) {
        out.println("administrator " + email.value() + " with the password " + password.value() + " (shown this once)");
        if (out.checkError()) {
            throw new IllegalStateException(
                    "cannot print the administrator's password: start with standard output open");
        }
    }
}
