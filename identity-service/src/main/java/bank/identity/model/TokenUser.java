package bank.identity.model;

import java.util.List;

/// Whom an access token speaks of.
///
/// @param id number of the user
/// @param role role he has in it
/// @param organizations numbers of the organisations he belongs to, ascending, `Membership.COUNT_MAX` at most; none
///     where the client needs not know
public record TokenUser(long id, Role role, List<Long> organizations) {
    public TokenUser {
        organizations = List.copyOf(organizations);
    }
}
