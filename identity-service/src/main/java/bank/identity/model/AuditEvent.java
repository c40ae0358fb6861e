package bank.identity.model;

import java.time.Instant;

/// One row of the audit log.
///
/// @param number its place, from 1 without gaps
/// @param at when, to the microsecond
/// @param type what happened, the name of an `AuditType`
/// @param caller who did it
/// @param subject whom or what it was done to, e.g. `user:17`
/// @param detail what else is worth knowing; never a secret, a token or a password
public record AuditEvent(long number, Instant at, String type, Caller caller, String subject, String detail) {
    /// How an address is called as a subject.
    public static String address(String name) {
        return "address:" + name;
    }

    /// How a signing key is called as a subject.
    public static String key(String kid) {
        return "key:" + kid;
    }

    /// How a user is called as a subject.
    public static String user(long id) {
        return "user:" + id;
    }

    /// How an OAuth client is called as a subject.
    public static String client(String id) {
        return "client:" + id;
    }

    /// How an organisation is called as a subject.
    public static String organization(long id) {
        return "organization:" + id;
    }
}
