package bank.edge;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ExpectedLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class UpstreamDownIT {
    @RegisterExtension
    static final ExpectedLog log = new ExpectedLog("WARN UnaryCall call broke off: ");

    @Test
    void answersThatAServiceCannotBeReached() {
        try (var bank = new TestBank()) {
            assertThat(bank.get("/v1/abs/documents/1").statusCode()).isEqualTo(200);
            bank.stopServices();

            var answer = bank.get("/v1/abs/documents/1");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).isPresent();
            assertThat(answer.body()).contains("UPSTREAM_UNAVAILABLE").doesNotContain("127.0.0.1");
            assertThat(log.lines()).singleElement().asString().contains("Connection refused");
            assertThat(bank.get("/healthz").statusCode()).isEqualTo(200);
            var ready = bank.get("/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"document\"");
        }
    }
}
