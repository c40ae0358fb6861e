package bank.edge.events;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.config.KafkaConfig;
import bank.platform.config.Settings;
import bank.platform.events.KafkaClients;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.smallrye.config.ConfigMapping;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class AccessEventsTest {
    /// Settings of a publisher.
    @ConfigMapping(prefix = "bank.test")
    public interface Publisher {
        /// Kafka.
        KafkaConfig kafka();
    }

    @Test
    void dropsAndCountsWhatFindsNoRoom() {
        var settings = Map.of("bank.test.kafka.bootstrap-servers", "127.0.0.1:9");
        var kafka = new KafkaClients(Settings.of(Publisher.class, settings).kafka(), "test");
        var dropped = new LongAdder();
        // Not started, so that nothing leaves the queue.
        try (var events = new AccessEvents(new AccessPublisher(kafka, new LongAdder(), dropped), dropped)) {
            var ctx = ServiceRequestContext.of(HttpRequest.of(HttpMethod.GET, "/v1/abs/documents/789"));
            ctx.logBuilder().endRequest();
            ctx.logBuilder().endResponse();
            var log = ctx.log().ensureComplete();
            for (var request = 0; request < AccessEvents.QUEUE_MAX; request++) {
                events.log(log);
            }
            assertThat(dropped.sum()).isZero();
            events.log(log);
            assertThat(dropped.sum()).isEqualTo(1);
        }
    }
}
