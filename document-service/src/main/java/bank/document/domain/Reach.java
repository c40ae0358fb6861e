package bank.document.domain;

import bank.platform.auth.Principal;

/// Who reaches which documents: a client his own, staff and machine clients all that their role or scope
/// lets them ask for.
final class Reach {
    private Reach() {}

    static boolean all(Principal caller) {
        return switch (caller) {
            case Principal.User user -> user.staff();
            case Principal.Machine machine -> true;
            case Principal.Anonymous() -> false;
        };
    }

    static boolean of(Principal caller, long owner) {
        return all(caller) || owns(caller, owner);
    }

    static boolean owns(Principal caller, long owner) {
        return caller instanceof Principal.User user && user.id() == owner;
    }
}
