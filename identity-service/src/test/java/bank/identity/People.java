package bank.identity;

import bank.v1.AddOrganizationMemberRequest;
import bank.v1.CreateOrganizationRequest;
import bank.v1.CreateUserRequest;
import bank.v1.Organization;
import bank.v1.RefreshRequest;
import bank.v1.Role;
import bank.v1.TokenPair;
import bank.v1.User;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Users of every role, made by the first administrator, and organisations.
final class People {
    // Before it ends, which it does while races are run by the thousand.
    private static final long TOKEN_KEPT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final RunningIdentity identity;
    private String admin;
    private long signedInAt;

    People(RunningIdentity identity) {
        this.identity = identity;
        admin = signedIn();
        signedInAt = System.nanoTime();
    }

    private String signedIn() {
        var initial = identity.initialAdmin().orElseThrow();
        return identity.login(initial.email().value(), initial.password().value())
                .getAccessToken();
    }

    /// Access token of the first administrator.
    synchronized String admin() {
        if (System.nanoTime() - signedInAt > TOKEN_KEPT_NANOS) {
            admin = signedIn();
            signedInAt = System.nanoTime();
        }
        return admin;
    }

    User made(Role role) {
        return identity.users(admin()).createUser(enrolment().setRole(role).build());
    }

    /// Makes a user by the token of somebody who administers the organisation.
    User made(String token, long organizationId) {
        return identity.users(token)
                .createUser(enrolment().setOrganizationId(organizationId).build());
    }

    static CreateUserRequest.Builder enrolment() {
        return CreateUserRequest.newBuilder()
                .setEmail(UUID.randomUUID() + "@example.org")
                .setPassword(RunningIdentity.PASSWORD);
    }

    TokenPair signedIn(User user) {
        return identity.login(user.getEmail(), RunningIdentity.PASSWORD);
    }

    String token(User user) {
        return signedIn(user).getAccessToken();
    }

    String token(Role role) {
        return token(made(role));
    }

    TokenPair refreshed(TokenPair tokens) {
        return identity.auth()
                .refresh(RefreshRequest.newBuilder()
                        .setRefreshToken(tokens.getRefreshToken())
                        .build());
    }

    /// An organisation at the top.
    Organization organization() {
        return identity.organizations(admin())
                .createOrganization(CreateOrganizationRequest.newBuilder()
                        .setName("ООО «Ромашка»")
                        .build());
    }

    /// An organisation below another.
    Organization below(Organization parent) {
        return identity.organizations(admin())
                .createOrganization(CreateOrganizationRequest.newBuilder()
                        .setName("Филиал")
                        .setParentId(parent.getId())
                        .build());
    }

    /// A client who administers the organisation.
    User administrator(Organization organization) {
        return joined(made(Role.ROLE_CLIENT), organization, true);
    }

    User joined(User user, Organization organization, boolean administers) {
        identity.organizations(admin())
                .addOrganizationMember(AddOrganizationMemberRequest.newBuilder()
                        .setOrganizationId(organization.getId())
                        .setUserId(user.getId())
                        .setAdmin(administers)
                        .build());
        return user;
    }
}
