package bank.platform.events;

import bank.platform.config.KafkaConfig;
import bank.platform.db.Database;
import bank.platform.db.Notifications;
import bank.platform.jobs.Jobs;
import com.google.common.base.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The events of a service: those it publishes and those it consumes. Needs Kafka neither to be made nor to be started;
/// what is published waits in the database until Kafka is there.
public final class Events implements AutoCloseable {
    private static final Duration INBOX_KEPT = Duration.ofDays(30);
    private static final Duration OVERDUE = Duration.ofHours(1);
    private static final int BATCH = 5_000;
    private static final int REVIVED = 100;

    private final Database database;
    private final Clock clock;
    private final KafkaClients clients;
    private final Topics topics;
    private final OutboxStore outboxStore = new OutboxStore();
    private final InboxStore inboxStore = new InboxStore();
    private final HeldStore heldStore = new HeldStore();
    private final RetrySchedule schedule;
    private final EventMeters meters;
    private final OutboxBell bell;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final HeldEvents held;
    private final DeadLetters deadLetters;
    private final List<EventHandlers> handlers = new ArrayList<>();
    private final List<EventConsumer> consumers = new ArrayList<>();

    /// @param service name of the service, e.g. `identity-service`
    /// @param registry where its figures are kept
    public Events(
            Database database,
            KafkaConfig kafka,
            String service,
            RetrySchedule schedule,
            Clock clock,
            MeterRegistry registry) {
        this.database = database;
        this.clock = clock;
        this.schedule = schedule;
        clients = new KafkaClients(kafka, service);
        topics = new Topics(clients);
        bell = new OutboxBell(database);
        outbox = new Outbox(outboxStore, URI.create("/" + service), clock, bell::ring);
        meters = new EventMeters(registry);
        meters.watch(database, outboxStore, heldStore, clock);
        relay = new OutboxRelay(database, outboxStore, new EventPublisher(clients, topics), meters);
        held = new HeldEvents(heldStore, inboxStore, outbox, schedule, clock);
        deadLetters = new DeadLetters(heldStore, inboxStore, held);
    }

    /// Where events are published.
    public Outbox outbox() {
        return outbox;
    }

    /// Hears, soon after each commit with an event, that there was one.
    public Notifications listen() {
        return database.listen(OutboxBell.CHANNEL);
    }

    /// Events that could not be consumed.
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /// How much waits to be published.
    public OutboxBacklog backlog() {
        var waiting = database.read(outboxStore::backlog);
        return new OutboxBacklog(
                waiting.depth(),
                waiting.oldest()
                        .map(oldest -> Duration.between(oldest, clock.instant()))
                        .orElse(Duration.ZERO));
    }

    /// Consumes events; before `start`.
    public void consume(Subscription subscription) {
        var ticker = Ticker.systemTicker();
        var handling = new EventHandlers(subscription, clock, ticker);
        handlers.add(handling);
        var inbox = new Inbox(
                database, subscription.consumer(), handling, inboxStore, heldStore, held, meters, clock, ticker);
        consumers.add(new EventConsumer(clients, topics, subscription, schedule, inbox, clock));
    }

    /// Adds the recurring work; before the jobs start.
    public void addTo(Jobs jobs) {
        jobs.every("purge-event-inbox", Duration.ofHours(1), this::purgeInbox);
        jobs.every("revive-held-events", Duration.ofMinutes(10), this::reviveHeld);
    }

    /// Starts publishing and consuming.
    public void start() {
        relay.start();
        consumers.forEach(EventConsumer::start);
    }

    private void purgeInbox() {
        var before = clock.instant().minus(INBOX_KEPT);
        int purged;
        do {
            purged = database.inTransaction(tx -> inboxStore.forget(tx, before, BATCH));
        } while (purged == BATCH);
    }

    /// What waits for its turn in a retry topic that was emptied or removed would wait for ever.
    void reviveHeld() {
        var before = clock.instant().minus(OVERDUE);
        List<HeldStore.Held> some;
        do {
            some = database.read(session -> heldStore.overdue(session, before, REVIVED));
            some.forEach(this::revive);
        } while (some.size() == REVIVED);
    }

    private void revive(HeldStore.Held overdue) {
        database.inTransaction(tx -> {
            inboxStore.lock(tx, overdue.consumer(), List.of(overdue.event().key()));
            heldStore
                    .byId(tx, overdue.id())
                    .filter(found ->
                            !found.parked() && found.is(overdue.event()) && found.attempts() == overdue.attempts())
                    .ifPresent(found -> held.revive(tx, found));
            return true;
        });
    }

    @Override
    public void close() {
        consumers.forEach(EventConsumer::close);
        handlers.forEach(EventHandlers::close);
        relay.close();
        bell.close();
    }
}
