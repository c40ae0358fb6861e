package bank.identity.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a page of the sign-in carries from one step to the next, sealed. Never printed.
///
/// @param request what the client asks for
/// @param code the code that comes of it, made with the form: a form that is sent twice gives one code
/// @param browser value of the cookie of the browser the page was made for
/// @param madeAt when the page was made
/// @param user who signed in; null before that
public record SignInForm(
        CodeRequest request,
        String code,
        String browser,
        Instant madeAt,
        @Nullable SignedIn user) {
    /// A user who has proved who he is.
    ///
    /// @param user who he is
    /// @param at when he did
    public record SignedIn(ProvedUser user, Instant at) {
        /// Number of the user.
        public long id() {
            return user.id();
        }
    }

    @Override
    public String toString() {
        return "SignInForm[…]";
    }
}
