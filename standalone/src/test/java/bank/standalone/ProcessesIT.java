package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.standalone.Http.Part;
import bank.testing.Eventually;
import bank.testing.TestDocuments;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The services as separate processes, configured by the environment alone, as containers run them.
class ProcessesIT {
    @Test
    void theStoryRunsThroughSeparateProcesses(@TempDir Path directory) {
        var metricsPort = ServiceProcesses.freePort();
        var more = Map.of("BANK_EDGE_METRICS_PORT", Integer.toString(metricsPort));
        try (var services = new ServiceProcesses(directory, "256m", more)) {
            var http = new Http(services.uri());
            Eventually.holds(
                    "every service is ready",
                    Duration.ofSeconds(30),
                    () -> http.get("/readyz", "").status() == 200);
            var client = http.token("client@demo.test", RunningBank.PASSWORD);
            var employee = http.token("employee@demo.test", RunningBank.PASSWORD);
            var content = TestDocuments.bytes("Договор аренды.docx");
            var id = http.multipart(
                            "POST",
                            "/v1/dbo/documents",
                            client,
                            List.of(
                                    Part.file("file", "Договор аренды.docx", content),
                                    Part.field("category", "Договоры")))
                    .expect(201)
                    .json()
                    .path("document_id")
                    .asLong();
            for (var status : List.of("processing", "approved")) {
                http.json("PUT", "/v1/abs/documents/" + id + "/status", employee, "{\"status\":\"" + status + "\"}")
                        .expect(200);
            }
            var contract = http.json("POST", "/v1/sm/contracts", client, "{\"description\":\"Контракт\"}")
                    .expect(201)
                    .json()
                    .path("contract_id")
                    .asLong();
            http.json("POST", "/v1/sm/contracts/" + contract + "/link", client, "{\"document_id\":" + id + "}")
                    .expect(201);
            var link = http.get("/v1/sm/contracts/" + contract + "/documents", client)
                    .expect(200)
                    .json()
                    .at("/documents/0/link")
                    .asText();
            assertThat(http.get(link, "").expect(200).body()).isEqualTo(content);
            assertThat(http.get("/v1/dbo/documents/" + id + "/content", client)
                            .expect(200)
                            .body())
                    .isEqualTo(content);

            var metrics = new Http(URI.create("http://127.0.0.1:" + metricsPort));
            assertThat(metrics.get("/metrics", "").expect(200).text())
                    .contains("jvm_memory_used_bytes", "rpc=\"/bank.v1.ContractService/CreateContract\"");

            services.kill("document");
            var down = http.get("/v1/abs/documents/" + id, client);
            assertThat(down.status()).isEqualTo(503);
            assertThat(down.header("Retry-After")).isNotEmpty();
        }
    }
}
