package bank.platform.events;

import bank.platform.db.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Figures of the events of a service.
final class EventMeters {
    private static final Logger log = LoggerFactory.getLogger(EventMeters.class);
    // One look at the database for all gauges of a scrape.
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final MeterRegistry registry;

    EventMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void published(String topic, int count) {
        registry.counter("bank.events.published", "topic", topic).increment(count);
    }

    /// @param outcome `worked`, `waiting` or `failed`
    void consumed(String consumer, String outcome, int count) {
        if (count > 0) {
            registry.counter("bank.events.consumed", "consumer", consumer, "outcome", outcome)
                    .increment(count);
        }
    }

    /// Shows what waits in the database.
    void watch(Database database, OutboxStore outbox, HeldStore held, Clock clock) {
        var look = new Look(database, outbox, held, clock);
        gauge("bank.outbox.depth", "Events that wait to be published", look, Waiting::depth);
        Gauge.builder("bank.outbox.age", look, present -> present.figure(Waiting::age))
                .description("Time since the oldest of them was written")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
        gauge("bank.events.held", "Events that are tried again", look, Waiting::held);
        gauge("bank.dead.letters", "Events that were given up", look, Waiting::parked);
    }

    private void gauge(String name, String description, Look look, ToDoubleFunction<Waiting> figure) {
        Gauge.builder(name, look, present -> present.figure(figure))
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /// What waits; NaN where it could not be told.
    private record Waiting(double depth, double age, double held, double parked) {
        static final Waiting UNKNOWN = new Waiting(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    private static final class Look {
        private final Database database;
        private final OutboxStore outbox;
        private final HeldStore held;
        private final Clock clock;
        private @Nullable Waiting last;
        private long lastAt;

        Look(Database database, OutboxStore outbox, HeldStore held, Clock clock) {
            this.database = database;
            this.outbox = outbox;
            this.held = held;
            this.clock = clock;
        }

        double figure(ToDoubleFunction<Waiting> figure) {
            return figure.applyAsDouble(present());
        }

        private synchronized Waiting present() {
            var known = last;
            if (known == null || System.nanoTime() - lastAt > FRESH.toNanos()) {
                known = look();
                last = known;
                lastAt = System.nanoTime();
            }
            return known;
        }

        private Waiting look() {
            try {
                return database.read(session -> {
                    var backlog = outbox.backlog(session);
                    var holding = held.count(session);
                    return new Waiting(
                            backlog.depth(),
                            backlog.oldest().map(this::secondsSince).orElse(0.0),
                            holding.retrying(),
                            holding.parked());
                });
            } catch (RuntimeException e) {
                log.debug("cannot tell what waits", e);
                return Waiting.UNKNOWN;
            }
        }

        private double secondsSince(Instant moment) {
            return Duration.between(moment, clock.instant()).toMillis() / 1000.0;
        }
    }
}
