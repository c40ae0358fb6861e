package bank.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import bank.platform.telemetry.Tracing;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracedTest {
    @Test
    void isNotThereUnlessThereIsATrace() {
        HttpService service = (ctx, request) -> HttpResponse.of(204);
        assertThat(Traced.around(service, Tracing.off())).isSameAs(service);
        try (var on = Tracing.of("edge", Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"))) {
            assertThat(Traced.around(service, on)).isNotSameAs(service);
        }
    }
}
