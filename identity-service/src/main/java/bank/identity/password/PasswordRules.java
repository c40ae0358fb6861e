package bank.identity.password;

import bank.identity.model.EmailAddress;
import bank.identity.model.IdentityException;
import bank.identity.model.IdentityFailure;
import bank.identity.model.Password;
import java.util.Locale;

/// Which passwords a user may choose: 8 to 128 characters, none of the commonest, not his own e-mail.
public final class PasswordRules {
    private static final int LENGTH_MIN = 8;
    private static final int LENGTH_MAX = 128;

    private final CommonPasswords common;

    /// @param common passwords that are refused
    public PasswordRules(CommonPasswords common) {
        this.common = common;
    }

    /// Refuses a password that breaks the rules.
    ///
    /// @throws IdentityException FieldInvalid for its length, else PasswordWeak
    public void check(Password password, EmailAddress owner) {
        if (password.length() < LENGTH_MIN || password.length() > LENGTH_MAX) {
            throw new IdentityException(new IdentityFailure.FieldInvalid(
                    "password", "must have " + LENGTH_MIN + " to " + LENGTH_MAX + " characters"));
        }
        if (password.value().toLowerCase(Locale.ROOT).strip().equals(owner.value())) {
            throw new IdentityException(new IdentityFailure.PasswordWeak("must not be your e-mail address"));
        }
        if (common.contains(password)) {
            throw new IdentityException(
                    new IdentityFailure.PasswordWeak("is one of the commonest passwords: choose another"));
        }
    }
}
