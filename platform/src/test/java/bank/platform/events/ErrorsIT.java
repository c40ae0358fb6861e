package bank.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.TestServices;
import bank.testing.ExpectedLog;
import bank.testing.KafkaExtension;
import bank.testing.PostgresExtension;
import bank.v1.DocumentStatusChanged;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An error ends no thread that events need.
class ErrorsIT {
    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    @RegisterExtension
    static final KafkaExtension kafka = new KafkaExtension();

    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog(
            "ERROR OutboxRelay unexpected failure of the outbox: java.lang.OutOfMemoryError",
            "ERROR EventConsumer unexpected failure of the consumer test.documents: java.lang.OutOfMemoryError");

    private final AtomicBoolean relayFails = new AtomicBoolean(true);
    private final AtomicBoolean consumerFails = new AtomicBoolean(true);

    private final class Failing extends SimpleMeterRegistry {
        @Override
        protected Counter newCounter(Meter.Id id) {
            if (id.getName().equals("bank.events.published") && relayFails.getAndSet(false)) {
                throw new OutOfMemoryError("expected");
            }
            return super.newCounter(id);
        }
    }

    @Test
    void publishingAndConsumingGoOn() {
        try (var scene = new EventScene(postgres, kafka);
                var events = new Events(
                        scene.database,
                        TestServices.kafka(kafka.bootstrapServers(), scene.prefix),
                        "test-service",
                        RetrySchedule.DEFAULT,
                        Clock.systemUTC(),
                        new Failing())) {
            events.consume(Subscription.of("test.documents")
                    .on(DocumentStatusChanged.getDefaultInstance(), (event, context) -> {
                        if (consumerFails.getAndSet(false)) {
                            return tx -> {
                                throw new OutOfMemoryError("expected");
                            };
                        }
                        return EventScene.noted(context);
                    }));
            events.start();
            scene.publish(events, 1, 1);
            scene.awaitEffects(1, 1L);
            scene.publish(events, 1, 2);
            scene.awaitEffects(1, 1L, 2L);
        }
        assertThat(log.lines()).hasSize(2);
    }
}
