package bank.identity;

import bank.identity.domain.AuditLog;
import bank.identity.domain.Enrolments;
import bank.identity.domain.LastAdmin;
import bank.identity.domain.LiveCallers;
import bank.identity.domain.OrganizationMembers;
import bank.identity.domain.OrganizationReach;
import bank.identity.domain.Organizations;
import bank.identity.domain.PasswordChecks;
import bank.identity.domain.Passwords;
import bank.identity.domain.RegistrationThrottle;
import bank.identity.domain.Sessions;
import bank.identity.domain.SignInThrottle;
import bank.identity.domain.UserOwnership;
import bank.identity.domain.UserProfiles;
import bank.identity.domain.UserReach;
import bank.identity.domain.UserRoles;
import bank.identity.domain.UserSessions;
import bank.identity.domain.UserStatuses;
import bank.identity.domain.Users;
import bank.identity.events.IdentityEvents;
import bank.identity.keys.Vault;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.rpc.LiveMutations;
import bank.identity.rpc.OrganizationGrpcService;
import bank.identity.rpc.SecretRepeats;
import bank.identity.rpc.SessionGrpcService;
import bank.identity.rpc.UserGrpcService;
import bank.identity.store.MemberStore;
import bank.identity.store.OpenSessionStore;
import bank.identity.store.OrganizationStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.SessionStore;
import bank.identity.store.UserStore;
import bank.identity.store.VerificationStore;
import bank.platform.Platform;

/// The administration of users, sessions and organisations: wiring only.
///
/// @param lastAdmin sees to it that there is an administrator
/// @param statuses blocks accounts and lets them in again
/// @param passwords changes and sets passwords
/// @param repeats repeats of requests with passwords
/// @param people what is known of users
/// @param users `UserService`
/// @param sessions `SessionService`
/// @param organizations `OrganizationService`
record Administration(
        LastAdmin lastAdmin,
        UserStatuses statuses,
        Passwords passwords,
        SecretRepeats repeats,
        Users people,
        UserGrpcService users,
        SessionGrpcService sessions,
        OrganizationGrpcService organizations) {
    static Administration of(
            Platform platform,
            UserStore userStore,
            PasswordStore passwordStore,
            SessionStore sessionStore,
            MemberStore memberStore,
            PasswordChecks checks,
            SignInThrottle throttle,
            PasswordHasher hasher,
            PasswordHasher registrationHasher,
            RegistrationThrottle registrationThrottle,
            PasswordRules rules,
            Sessions.Life life,
            LiveCallers callers,
            IdentityEvents events,
            AuditLog audit,
            Vault vault) {
        var database = platform.database();
        var clock = platform.clock();
        var mutations = new LiveMutations(platform.mutations(), callers);
        var pageTokens = platform.pageTokens();
        var organizationStore = new OrganizationStore();
        var openSessionStore = new OpenSessionStore();

        var organizationReach = new OrganizationReach(organizationStore, memberStore);
        var userReach = new UserReach(userStore, memberStore);
        var ownership = new UserOwnership(memberStore, organizationReach);
        var lastAdmin = new LastAdmin(userStore);
        var statuses = new UserStatuses(
                userStore, sessionStore, throttle, userReach, ownership, lastAdmin, callers, events, audit, clock);
        var passwords = new Passwords(
                database,
                userStore,
                passwordStore,
                sessionStore,
                openSessionStore,
                checks,
                throttle,
                hasher,
                rules,
                callers,
                audit,
                clock);
        var repeats = new SecretRepeats(vault);
        var people = new Users(database, userStore, memberStore, userReach, organizationReach);
        return new Administration(
                lastAdmin,
                statuses,
                passwords,
                repeats,
                people,
                new UserGrpcService(
                        people,
                        new Enrolments(
                                database,
                                userStore,
                                passwordStore,
                                memberStore,
                                organizationReach,
                                callers,
                                registrationThrottle,
                                registrationHasher,
                                rules,
                                audit,
                                clock),
                        new UserProfiles(userStore, new VerificationStore(), userReach, ownership, audit, clock),
                        new UserRoles(userStore, sessionStore, lastAdmin, callers, audit, clock),
                        statuses,
                        passwords,
                        mutations,
                        repeats,
                        pageTokens),
                new SessionGrpcService(
                        new UserSessions(
                                database,
                                userStore,
                                sessionStore,
                                openSessionStore,
                                throttle,
                                life,
                                callers,
                                audit,
                                clock),
                        platform.mutations(),
                        pageTokens),
                new OrganizationGrpcService(
                        new Organizations(database, organizationStore, organizationReach, audit, clock),
                        new OrganizationMembers(
                                database,
                                organizationStore,
                                memberStore,
                                userStore,
                                organizationReach,
                                userReach,
                                audit,
                                clock),
                        mutations,
                        pageTokens));
    }
}
