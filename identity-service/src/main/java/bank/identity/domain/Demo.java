package bank.identity.domain;

import bank.identity.model.ClientRegistration;
import bank.identity.model.EmailAddress;
import bank.identity.model.Grant;
import bank.identity.model.NewUser;
import bank.identity.model.OAuthClient;
import bank.identity.model.Password;
import bank.identity.model.PersonalName;
import bank.identity.model.Role;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/// The users and the clients of a demonstration. Their passwords are public: never for a bank
/// that is in use.
final class Demo {
    static final Password PASSWORD = new Password("demo-Passw0rd-2026");

    static final List<NewUser> USERS = List.of(
            user("client@demo.test", new PersonalName("Иван", "Петров", "Сергеевич"), Role.CLIENT),
            user("client2@demo.test", new PersonalName("Мария", "Иванова", "Андреевна"), Role.CLIENT),
            user("employee@demo.test", new PersonalName("Ольга", "Смирнова", "Викторовна"), Role.EMPLOYEE),
            user("admin@demo.test", new PersonalName("Алексей", "Кузнецов", "Павлович"), Role.ADMIN));

    static final ClientRegistration CLIENT = new ClientRegistration(
            "abs-integration", new Password("demo-secret-2026"), Set.of("documents:read", "documents:process"));

    /// A browser application of the bank itself, and one of somebody else, each on the machine of whoever tries it.
    static final List<OAuthClient> APPLICATIONS = List.of(
            application("bank-web", "Bank online", true, Set.of()),
            application("budget-app", "Budget", false, Set.of("contracts:read", "documents:read", "documents:upload")));

    private Demo() {}

    private static OAuthClient application(String id, String name, boolean firstParty, Set<String> scopes) {
        return new OAuthClient(
                id,
                name,
                false,
                firstParty,
                scopes,
                Set.of(Grant.AUTHORIZATION_CODE, Grant.REFRESH_TOKEN),
                List.of("http://127.0.0.1/callback"),
                null,
                false);
    }

    private static NewUser user(String email, PersonalName name, Role role) {
        return new NewUser(new EmailAddress(email), name, LocalDate.of(1985, 6, 15), "", role);
    }
}
