package bank.identity;

import bank.identity.consumer.RegistryEvents;
import bank.identity.domain.AuditLog;
import bank.identity.domain.DeathNotices;
import bank.identity.domain.RegistrationThrottle;
import bank.identity.domain.Registrations;
import bank.identity.domain.VerificationAnswers;
import bank.identity.domain.Verifications;
import bank.identity.events.IdentityEvents;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.rpc.LiveMutations;
import bank.identity.rpc.VerificationGrpcService;
import bank.identity.store.DeathStore;
import bank.identity.store.IdentifierStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.UserStore;
import bank.identity.store.VerificationStore;
import bank.platform.Platform;

/// How somebody becomes a client, is verified, and is found to be dead: wiring only.
///
/// @param registrations registers clients
/// @param verifications `VerificationService`
/// @param registries takes what registries say
record Onboarding(Registrations registrations, VerificationGrpcService verifications, RegistryEvents registries) {
    static Onboarding of(
            IdentityConfig config,
            Platform platform,
            UserStore userStore,
            PasswordStore passwordStore,
            PasswordHasher hasher,
            RegistrationThrottle throttle,
            PasswordRules rules,
            Administration administration,
            LiveMutations mutations,
            IdentityEvents events,
            AuditLog audit) {
        var database = platform.database();
        var clock = platform.clock();
        var identifierStore = new IdentifierStore();
        var verificationStore = new VerificationStore();

        var verifications = new Verifications(
                database, userStore, identifierStore, verificationStore, events, audit, clock, config.sandbox());
        var registrations = new Registrations(
                userStore, passwordStore, verifications, hasher, throttle, rules, audit, clock, config.sandbox());
        var deaths = new DeathNotices(
                userStore,
                identifierStore,
                new DeathStore(),
                administration.statuses(),
                administration.lastAdmin(),
                events,
                audit,
                clock);
        var answers = new VerificationAnswers(
                userStore, identifierStore, verificationStore, administration.lastAdmin(), deaths, audit, clock);
        return new Onboarding(
                registrations,
                new VerificationGrpcService(verifications, mutations, platform.pageTokens()),
                new RegistryEvents(answers, deaths));
    }
}
