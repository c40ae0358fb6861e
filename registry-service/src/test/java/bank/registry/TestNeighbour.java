package bank.registry;

import bank.platform.config.ServiceConfig.DatabaseConfig;
import bank.platform.config.Settings;
import bank.platform.db.Database;
import bank.platform.events.Event;
import bank.platform.events.EventContext;
import bank.platform.events.Events;
import bank.platform.events.RetrySchedule;
import bank.platform.events.Subscription;
import bank.testing.Eventually;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.ActivityLogged;
import bank.v1.DeathNotified;
import bank.v1.VerificationCompleted;
import bank.v1.VerificationReplayRequested;
import com.google.protobuf.Message;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/// identity-service as far as events go: publishes requests and takes what registry-service says.
final class TestNeighbour implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final Database database;
    private final Events events;
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();

    record Received(Message event, EventContext context) {}

    TestNeighbour(PostgresExtension postgres, KafkaExtension kafka, TestIdentity identity) {
        var own = postgres.createDatabase();
        var settings = Scene.settings(postgres, kafka, identity);
        settings.put("bank.registry.database.url", own.jdbcUrl());
        settings.put("bank.registry.database.user", own.user());
        settings.put("bank.registry.database.password", own.password());
        var config = Settings.of(RegistryConfig.class, settings);
        DatabaseConfig databaseConfig = config.database();
        database = Database.open(databaseConfig, "registry");
        events = new Events(
                database,
                config.kafka(),
                "identity-service",
                RetrySchedule.DEFAULT,
                Clock.systemUTC(),
                new SimpleMeterRegistry());
        events.consume(Subscription.of("identity-service.test")
                .on(VerificationCompleted.getDefaultInstance(), (event, context) -> tx -> note(event, context))
                .on(DeathNotified.getDefaultInstance(), (event, context) -> tx -> note(event, context))
                .on(ActivityLogged.getDefaultInstance(), (event, context) -> tx -> note(event, context))
                .on(VerificationReplayRequested.getDefaultInstance(), (event, context) -> tx -> note(event, context)));
        events.start();
    }

    private void note(Message event, EventContext context) {
        received.add(new Received(event, context));
    }

    void publish(Message event, long version) {
        publish(Event.of(event, version));
    }

    void publish(Event event) {
        database.inTransaction(tx -> {
            events.outbox().append(tx, event);
            return tx;
        });
    }

    /// The events of a kind that came and fit, once there are so many.
    <M extends Message> List<M> await(Class<M> type, int count, Predicate<M> fits) {
        Eventually.holds(
                count + " " + type.getSimpleName(),
                WAIT_MAX,
                () -> of(type, fits).size() >= count);
        return of(type, fits);
    }

    <M extends Message> List<M> of(Class<M> type, Predicate<M> fits) {
        return received.stream()
                .map(Received::event)
                .filter(type::isInstance)
                .map(type::cast)
                .filter(fits)
                .toList();
    }

    EventContext context(Message event) {
        return received.stream()
                .filter(one -> one.event().equals(event))
                .findFirst()
                .orElseThrow()
                .context();
    }

    @Override
    public void close() {
        events.close();
        database.close();
    }
}
