package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import bank.testing.TestDocuments;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// `./bank events` beside a running bank.
class EventsCommandIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final RunningBank bank = new RunningBank();

    private final Http http = new Http(bank.uri());

    @Test
    void printsWhatHappensAsItHappens() {
        // Topics are made with their first event.
        upload();
        try (var events = events(bank.data(), "--topic", "document.status", "--topic", "system.logs.activity")) {
            // Of what happens before it reads, it knows nothing.
            events.awaitLine("bank: waiting for events; Ctrl-C ends"::equals, PATIENCE);
            var id = upload();
            var status = events.awaitLine(line -> line.contains("document_id=" + id + " "), PATIENCE);
            assertThat(status)
                    .matches("[0-9:.]{12}  document\\.status +" + id + "  v1 document_id=" + id
                            + " user_id=[0-9]+ status=DOCUMENT_STATUS_PENDING content_version=1 actor=user:[0-9]+");
            assertThat(events.awaitLine(line -> line.contains("subject=document:" + id), PATIENCE))
                    .contains("system.logs.activity", "action=document.uploaded");
            assertThat(events.output().stream().skip(1))
                    .allMatch(line -> line.contains("document.status") || line.contains("system.logs.activity"));
        }
    }

    @Test
    void printsWhatHappenedBeforeWhenAskedTo() throws IOException {
        var id = upload();
        try (var events = events(bank.data(), "--from-beginning", "--json", "--topic", "document.status")) {
            var line = events.awaitLine(printed -> printed.contains("\"key\":\"" + id + "\""), PATIENCE);
            var event = new ObjectMapper().readTree(line);
            assertThat(event.path("topic").asText()).isEqualTo("document.status");
            assertThat(event.at("/event/type").asText()).isEqualTo("bank.v1.DocumentStatusChanged");
            assertThat(event.at("/event/data/document_id").asText()).isEqualTo(Long.toString(id));
        }
    }

    @Test
    void printsNoColoursWhereThereIsNoTerminal() {
        var id = upload();
        try (var events = events(bank.data(), "--from-beginning", "--topic", "document.status")) {
            assertThat(events.awaitLine(line -> line.contains("document_id=" + id + " "), PATIENCE))
                    .doesNotContain("\u001b");
        }
    }

    @Test
    void waitsForATopicThatIsNotThereYet() {
        try (var events = events(bank.data(), "--topic", "no.such.topic")) {
            events.awaitLine("bank: waiting for topics no.such.topic; Ctrl-C ends"::equals, PATIENCE);
        }
    }

    @Test
    void saysInOneLineThatNothingRuns(@TempDir Path directory) {
        try (var events = events(directory)) {
            assertThat(events.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(events.output())
                    .containsExactly("bank: no bank runs on " + directory
                            + ": start one with ./bank up, or name a Kafka in BANK_EVENTS_KAFKA_BOOTSTRAP_SERVERS");
        }
    }

    /// The example of docs/operating.md, held against what is printed for an upload and its processing.
    @Test
    void isShownInTheDocsAsItPrints() throws IOException {
        var page = Files.readString(Path.of("..", "docs", "operating.md"));
        var example = Pattern.compile("^\\$ ./bank (events .*)\n((?:[0-9:.]{12}  .*\n)+)", Pattern.MULTILINE)
                .matcher(page);
        assertThat(example.find()).isTrue();
        var id = upload();
        http.json(
                        "PUT",
                        "/v1/abs/documents/" + id + "/status",
                        http.token("employee@demo.test", RunningBank.PASSWORD),
                        "{\"status\":\"processing\"}")
                .expect(200);
        var words =
                List.of(example.group(1).split(" ")).subList(1, example.group(1).split(" ").length);
        try (var events = events(bank.data(), words.toArray(String[]::new))) {
            for (var line : example.group(2).lines().toList()) {
                var shape = shape(line);
                events.awaitLine(printed -> shape(printed).equals(shape), PATIENCE);
            }
        }
    }

    /// A line without its numbers.
    private static String shape(String line) {
        return line.replaceAll("[0-9]+", "N").replaceAll(" +", " ");
    }

    private static ServiceProcess events(Path data, String... words) {
        var arguments = new ArrayList<>(List.of("events", "--data", data.toString()));
        arguments.addAll(List.of(words));
        return ServiceProcess.ofMain(Main.class, arguments.toArray(String[]::new))
                .environment("LC_ALL", "C.UTF-8")
                .start();
    }

    private long upload() {
        return http.raw(
                        "POST",
                        "/v1/dbo/documents?description=events",
                        http.token("client@demo.test", RunningBank.PASSWORD),
                        TestDocuments.bytes("rent-contract.pdf"),
                        "Content-Type",
                        "application/pdf")
                .expect(201)
                .json()
                .path("document_id")
                .asLong();
    }
}
