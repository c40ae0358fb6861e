package bank.identity;

import bank.identity.consumer.RegistryEvents;
import bank.identity.domain.AuditLog;
import bank.identity.domain.DeathNotices;
import bank.identity.domain.RegistrationThrottle;
import bank.identity.domain.Registrations;
import bank.identity.domain.VerificationAnswers;
import bank.identity.domain.Verifications;
import bank.identity.events.IdentityEvents;
import bank.identity.password.HashCost;
import bank.identity.password.PasswordHasher;
import bank.identity.password.PasswordRules;
import bank.identity.rpc.VerificationGrpcService;
import bank.identity.store.DeathStore;
import bank.identity.store.IdentifierStore;
import bank.identity.store.PasswordStore;
import bank.identity.store.SignInCounterStore;
import bank.identity.store.UserStore;
import bank.identity.store.VerificationStore;
import bank.platform.Platform;
import bank.platform.grpc.Call;
import java.time.Duration;

/// How somebody becomes a client, is verified, and is found to be dead: wiring only.
///
/// @param throttle holds back who registers too often
/// @param registrations registers clients
/// @param verifications `VerificationService`
/// @param registries takes what registries say
record Onboarding(
        RegistrationThrottle throttle,
        Registrations registrations,
        VerificationGrpcService verifications,
        RegistryEvents registries) {
    private static final int HASHINGS_MAX = 2;

    static Onboarding of(
            IdentityConfig config,
            IdentitySettings settings,
            Platform platform,
            UserStore userStore,
            PasswordStore passwordStore,
            SignInCounterStore counterStore,
            PasswordRules rules,
            Administration administration,
            IdentityEvents events,
            AuditLog audit,
            Duration hashingWaitMax) {
        var database = platform.database();
        var clock = platform.clock();
        var identifierStore = new IdentifierStore();
        var verificationStore = new VerificationStore();

        var throttle = new RegistrationThrottle(
                database, counterStore, settings.vault(), settings.addressRegistrationsMax(), audit, clock);
        // Turns of their own: whoever registers makes nobody wait who signs in.
        var hasher = new PasswordHasher(HashCost.OWASP, HASHINGS_MAX, () -> Call.timeLeft(hashingWaitMax));
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
                throttle,
                registrations,
                new VerificationGrpcService(verifications, platform.mutations(), platform.pageTokens()),
                new RegistryEvents(answers, deaths));
    }
}
