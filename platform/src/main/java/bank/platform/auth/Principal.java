package bank.platform.auth;

import bank.v1.Role;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who calls.
public sealed interface Principal {
    /// A signed-in user.
    ///
    /// @param id number of the user
    /// @param role his role
    /// @param session his session (`sid`)
    /// @param scopes what he lets the client do that acts for him; null for a client of the bank itself, which
    ///     may do whatever he may
    record User(
            long id, Role role, String session, @Nullable Set<String> scopes) implements Principal {
        public User {
            scopes = scopes == null ? null : Set.copyOf(scopes);
        }

        /// A user in a client of the bank itself.
        public User(long id, Role role, String session) {
            this(id, role, session, null);
        }

        /// The role he acts in. What he lets a client do that is not the bank's own concerns his own things, so that
        /// there he is a client of the bank, whatever else he is.
        public Role acting() {
            return scopes == null ? role : Role.ROLE_CLIENT;
        }

        /// Employees and administrators see what belongs to others.
        public boolean staff() {
            return acting() == Role.ROLE_EMPLOYEE || acting() == Role.ROLE_ADMIN;
        }

        /// Administrators act for others.
        public boolean admin() {
            return acting() == Role.ROLE_ADMIN;
        }

        @Override
        public String name() {
            return "user:" + id;
        }
    }

    /// A machine client, which acts for a system of the bank.
    ///
    /// @param id name of the client, e.g. `abs-integration`
    /// @param scopes what it may do
    record Machine(String id, Set<String> scopes) implements Principal {
        public Machine {
            scopes = Set.copyOf(scopes);
        }

        @Override
        public String name() {
            return "client:" + id;
        }
    }

    /// Nobody signed in.
    record Anonymous() implements Principal {
        @Override
        public String name() {
            return "anonymous";
        }
    }

    /// How logs, histories and repeats call it, e.g. `user:17` or `client:abs-integration`.
    String name();
}
