package bank.identity.model;

import java.util.List;
import java.util.Locale;

/// The part a user plays.
public enum Role {
    /// A client of the bank, reaching only what is his.
    CLIENT,
    /// ABS worker, DBO operator, support engineer.
    EMPLOYEE,
    /// Administrator.
    ADMIN;

    /// What the role may do, in the form of scopes, sorted.
    public List<String> rights() {
        return switch (this) {
            case CLIENT -> List.of("contracts:read", "contracts:write", "documents:read", "documents:upload");
            case EMPLOYEE ->
                List.of("contracts:read", "contracts:write", "documents:process", "documents:read", "users:read");
            case ADMIN ->
                List.of(
                        "contracts:read",
                        "contracts:write",
                        "dictionaries:write",
                        "documents:process",
                        "documents:read",
                        "users:read",
                        "users:write");
        };
    }

    /// Name in tokens: lower case, e.g. `client`.
    public String claim() {
        return name().toLowerCase(Locale.ROOT);
    }
}
