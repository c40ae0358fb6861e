package bank.platform;

import bank.platform.auth.TokenVerifier;
import bank.platform.config.ServiceConfig;
import bank.platform.db.Database;
import bank.platform.db.ServiceSecrets;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.CallTimes;
import bank.platform.grpc.GrpcServer;
import bank.platform.idempotency.Mutations;
import bank.platform.jobs.Jobs;
import bank.platform.page.PageTokens;
import bank.platform.telemetry.Metrics;
import bank.platform.telemetry.Tracing;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.grpc.BindableService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The parts every service is built on, opened over its own database.
///
/// @param database database of the service, migrated
/// @param clock time, for everything that asks for it
/// @param mutations repeats and dry runs
/// @param pageTokens seals of list positions
/// @param jobs recurring work, started with the server
/// @param tracing traces of its rpcs
/// @param metrics figures of it
/// @param events events it publishes and consumes, started with the server
public record Platform(
        Database database,
        Clock clock,
        Mutations mutations,
        PageTokens pageTokens,
        Jobs jobs,
        Tracing tracing,
        Metrics metrics,
        Events events)
        implements AutoCloseable {

    /// Connects to the database and brings it up to date.
    ///
    /// @param service name of the service, which names its migrations, e.g. `document`
    /// @throws bank.platform.config.InvalidSettingsException when it cannot be traced as the environment says
    public static Platform open(ServiceConfig config, String service, Clock clock) {
        var tracing = Tracing.fromEnvironment(service + "-service");
        var metrics = Metrics.off();
        try {
            metrics = Metrics.open(config.metrics());
            return open(config, Database.open(config.database(), service), service, clock, tracing, metrics);
        } catch (RuntimeException e) {
            metrics.close();
            tracing.close();
            throw e;
        }
    }

    private static Platform open(
            ServiceConfig config, Database database, String service, Clock clock, Tracing tracing, Metrics metrics) {
        var mutations = new Mutations(database, clock);
        var jobs = new Jobs(database);
        jobs.every("purge-idempotency-keys", Duration.ofHours(1), mutations::purge);
        var events = new Events(
                database,
                config.kafka(),
                service + "-service",
                RetrySchedule.of(config.kafka()),
                clock,
                metrics.registry());
        events.addTo(jobs);
        return new Platform(
                database,
                clock,
                mutations,
                new PageTokens(ServiceSecrets.of(database, "page-tokens")),
                jobs,
                tracing,
                metrics,
                events);
    }

    /// Starts the jobs, the events and the gRPC server with every interceptor.
    ///
    /// @param keys public keys of the access tokens
    public GrpcServer serve(
            ServiceConfig config,
            JWKSource<SecurityContext> keys,
            FailureTranslator translator,
            List<? extends BindableService> services) {
        var tokens = new TokenVerifier(config.tokens(), keys, clock);
        jobs.start();
        events.start();
        try {
            return GrpcServer.start(
                    config.host(),
                    config.port(),
                    config.authorities().orElse(Set.of()),
                    CallTimes.of(config),
                    tokens,
                    translator,
                    tracing,
                    services);
        } catch (RuntimeException e) {
            events.close();
            jobs.close();
            throw e;
        }
    }

    @Override
    public void close() {
        events.close();
        jobs.close();
        metrics.close();
        database.close();
        tracing.close();
    }
}
