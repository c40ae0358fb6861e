package bank.platform;

import bank.platform.auth.TokenVerifier;
import bank.platform.config.ServiceConfig;
import bank.platform.db.Database;
import bank.platform.db.ServiceSecrets;
import bank.platform.failure.FailureTranslator;
import bank.platform.grpc.CallTimes;
import bank.platform.grpc.GrpcServer;
import bank.platform.idempotency.Mutations;
import bank.platform.jobs.Jobs;
import bank.platform.page.PageTokens;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.grpc.BindableService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The parts every service is built on, opened over its own database.
///
/// @param database database of the service, migrated
/// @param clock time, for everything that asks for it
/// @param mutations repeats and dry runs
/// @param pageTokens seals of list positions
/// @param jobs recurring work, started with the server
public record Platform(Database database, Clock clock, Mutations mutations, PageTokens pageTokens, Jobs jobs)
        implements AutoCloseable {

    /// Connects to the database and brings it up to date.
    ///
    /// @param service name of the service, which names its migrations, e.g. `document`
    public static Platform open(ServiceConfig config, String service, Clock clock) {
        var database = Database.open(config.database(), service);
        var mutations = new Mutations(database, clock);
        var jobs = new Jobs(database);
        jobs.every("purge-idempotency-keys", Duration.ofHours(1), mutations::purge);
        return new Platform(
                database, clock, mutations, new PageTokens(ServiceSecrets.of(database, "page-tokens")), jobs);
    }

    /// Starts the jobs and the gRPC server with every interceptor.
    ///
    /// @param keys public keys of the access tokens
    public GrpcServer serve(
            ServiceConfig config,
            JWKSource<SecurityContext> keys,
            FailureTranslator translator,
            List<? extends BindableService> services) {
        var tokens = new TokenVerifier(config.tokens(), keys, clock);
        jobs.start();
        try {
            return GrpcServer.start(config.host(), config.port(), CallTimes.of(config), tokens, translator, services);
        } catch (RuntimeException e) {
            jobs.close();
            throw e;
        }
    }

    @Override
    public void close() {
        jobs.close();
        database.close();
    }
}
