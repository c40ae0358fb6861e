package bank.platform.auth;

import bank.platform.failure.Failure;
import io.grpc.Status;
import java.util.Locale;

/// Why a token is refused as TOKEN_INVALID. Logs are told by a word; a caller is told that it is refused and no more,
/// for he may be one who tries to forge one. What is claimed counts only once the signature holds, save the issuer.
public enum TokenFault {
    /// The header is not `Bearer` and a token.
    SCHEME,
    /// There is more than one header.
    SEVERAL,
    /// The token is longer than tokens are.
    TOO_LONG,
    /// The token is no signed JWT, or not written in the one way there is for it.
    MALFORMED,
    /// `iss` names nobody who issues tokens here.
    ISSUER,
    /// The header has no `kid`.
    KID_MISSING,
    /// The issuer has no key of this `kid` for this algorithm.
    KID_UNKNOWN,
    /// The issuer does not sign by this `alg`.
    ALGORITHM,
    /// `typ` is not that of an access token.
    TYPE,
    /// The signature does not hold, or the header demands what is not understood here (`crit`).
    SIGNATURE,
    /// `aud` names somebody else.
    AUDIENCE,
    /// A claim that must be there is not.
    CLAIM_MISSING,
    /// `nbf` lies in the future.
    NOT_YET_VALID,
    /// `iat` lies in the future.
    ISSUED_IN_FUTURE,
    /// The claims name neither a user with one role nor a machine client.
    BEARER,
    /// The token is bound to a key, and came as a bearer token.
    BOUND,
    /// The token is bound to no key, and came as one that is.
    NOT_BOUND,
    /// The token is bound in a way that is not known here.
    CONFIRMATION;

    /// How logs call it, e.g. `kid_unknown`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The refusal, as every caller is told it.
    public Failure failure() {
        return failure("the access token is not valid");
    }

    /// The refusal in other words.
    public Failure failure(String message) {
        return Failure.of(Status.Code.UNAUTHENTICATED, "TOKEN_INVALID", message).because(word());
    }
}
