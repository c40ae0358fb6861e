package bank.platform.auth;

import com.nimbusds.jwt.proc.BadJWTException;

/// A token that breaks a rule of its issuer.
final class RefusedTokenException extends BadJWTException {
    private final TokenFault fault;

    RefusedTokenException(TokenFault fault) {
        super(fault.word());
        this.fault = fault;
    }

    TokenFault fault() {
        return fault;
    }
}
