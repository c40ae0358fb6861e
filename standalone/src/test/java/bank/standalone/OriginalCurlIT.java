package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.embedded.EmbeddedKafkaServer;
import bank.testing.Eventually;
import bank.testing.TopicReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The commands of original 002 as it prints them, at another port, and what they leave on the topics it names, read
/// by the tool it names.
class OriginalCurlIT {
    private static final Path ORIGINAL = Path.of("src", "test", "originals", "002.md");
    private static final Pattern COMMANDS = Pattern.compile("^```bash\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static Instance bank;
    private static String kafka = "";
    private static List<Answer> answers = List.of();

    private record Answer(int status, JsonNode body) {}

    /// A message as a reader of Kafka shows it.
    private record Message(String key, String headers, JsonNode event) {}

    /// A topic of the original.
    private enum Topic {
        REQUESTS("identity.verification.request", "VerificationRequested"),
        RESULTS("identity.verification.result", "VerificationCompleted"),
        DEATHS("hmrc.death.notification", "DeathNotified"),
        ACTIVITY("system.logs.activity", "ActivityLogged"),
        ACCESS("system.logs.access", "AccessLogged");

        private final String topic;
        private final String type;

        Topic(String topic, String type) {
            this.topic = topic;
            this.type = "bank.v1." + type;
        }

        /// What its messages must say.
        Set<String> expected() {
            return switch (this) {
                case REQUESTS -> Set.of(user(0) + " IDENTIFIER_TYPE_NIN", user(1) + " IDENTIFIER_TYPE_NHS");
                case RESULTS ->
                    Set.of(user(0) + " VERIFICATION_STATUS_VERIFIED", user(1) + " VERIFICATION_STATUS_VERIFIED");
                case DEATHS -> Set.of("GH577024B DEATH_STATE_FORMAL");
                case ACTIVITY ->
                    Set.of(
                            "user:" + user(0) + " user.registered",
                            "user:" + user(1) + " user.registered",
                            "user:" + user(0) + " session.signed_in");
                case ACCESS ->
                    Set.of(
                            "POST /api/auth/register 201",
                            "POST /api/auth/login 200",
                            "GET /api/auth/profile 200",
                            "GET /api/nhs/patients 200");
            };
        }

        /// The same of a message.
        String told(JsonNode data) {
            return switch (this) {
                case REQUESTS -> text(data, "user_id", "identifier_type");
                case RESULTS -> text(data, "user_id", "outcome");
                case DEATHS -> text(data, "nin", "state");
                case ACTIVITY -> text(data, "subject", "action");
                case ACCESS -> text(data, "method", "path_template", "status");
            };
        }

        /// The field that docs/events.md calls its key.
        String key() {
            return switch (this) {
                case REQUESTS, RESULTS -> "user_id";
                case DEATHS -> "nin";
                case ACTIVITY -> "subject";
                case ACCESS -> "request_id";
            };
        }

        private static String text(JsonNode data, String... fields) {
            return Arrays.stream(fields).map(field -> data.path(field).asText()).collect(Collectors.joining(" "));
        }

        private static String user(int registration) {
            return answers.get(registration).body().path("id").asText();
        }
    }

    @BeforeAll
    static void runTheCommands() throws Exception {
        var notice = Map.of("SANDBOX_DEATH_NOTICE", "true", "BANK_REGISTRY_SANDBOX_DEATH_NOTICE_DELAY", "PT1S");
        bank = Instance.start(directory.resolve("bank"), notice, "--demo");
        kafka = EmbeddedKafkaServer.running(bank.data().resolve("kafka")).orElseThrow();
        // Shows the status after each answer, without a change of the commands.
        Files.writeString(directory.resolve(".curlrc"), "write-out = \"\\n%{http_code}\"\n");
        var commands = COMMANDS.matcher(Files.readString(ORIGINAL)).results().map(found -> found.group(1));
        var all = new ArrayList<Answer>();
        answers = all;
        var token = "";
        for (var command : commands.toList()) {
            all.add(run(command.replace(":8000/", ":" + bank.port() + "/").replace("ваш_access_token", token), token));
            token = all.getLast().body().path("access_token").asText(token);
        }
    }

    @AfterAll
    static void stop() {
        bank.process().stop(Instance.STOP_MAX);
        bank.close();
    }

    @Test
    void areAnsweredAsItSays() {
        assertThat(answers).extracting(Answer::status).containsExactly(201, 201, 200, 200, 200);
        assertThat(answers.get(0).body().path("email").asText()).isEqualTo("test.nin@example.com");
        assertThat(answers.get(1).body().path("email").asText()).isEqualTo("test.nhs@example.com");
        assertThat(answers.get(2).body().path("access_token").asText()).isNotEmpty();
        assertThat(answers.get(3).body().at("/user/email").asText()).isEqualTo("test.nin@example.com");
        assertThat(answers.get(4).body().path("patients").isArray()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void areToldOnTheTopicsItNames(Topic topic) {
        try (var reader = new TopicReader(kafka, topic.topic)) {
            hold(
                    topic,
                    () -> reader.all().stream()
                            .map(message -> new Message(
                                    message.key(),
                                    StreamSupport.stream(message.headers().spliterator(), false)
                                            .map(header -> header.key() + "="
                                                    + new String(header.value(), StandardCharsets.UTF_8))
                                            .collect(Collectors.joining(",")),
                                    json(new String(message.value(), StandardCharsets.UTF_8))))
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void kcatShowsWhatIsTold(Topic topic) throws Exception {
        NeededTool.orSkip(onPath("kcat"), "EVENTS BY KCAT", () -> "there is no kcat");
        hold(topic, () -> kcat(topic.topic));
    }

    private static void hold(Topic topic, Supplier<List<Message>> read) {
        var messages = new ArrayList<Message>();
        Eventually.holds(topic.topic + " tells all", PATIENCE, () -> {
            messages.clear();
            messages.addAll(read.get());
            return messages.stream()
                    .map(message -> topic.told(message.event().path("data")))
                    .collect(Collectors.toSet())
                    .containsAll(topic.expected());
        });
        assertThat(messages).allSatisfy(message -> {
            var event = message.event();
            assertThat(message.headers()).isEqualTo("content-type=application/cloudevents+json");
            assertThat(event.path("specversion").asText()).isEqualTo("1.0");
            assertThat(event.path("type").asText()).isEqualTo(topic.type);
            assertThat(event.path("datacontenttype").asText()).isEqualTo("application/json");
            assertThat(event.path("source").asText()).matches("/(identity-service|registry-service|edge)");
            assertThat(event.path("aggregateversion").asText()).matches("[0-9]+");
            assertThat(event.path("subject").asText())
                    .isEqualTo(message.key())
                    .isEqualTo(event.path("data").path(topic.key()).asText());
        });
        assertThat(messages)
                .extracting(message -> message.event().path("id").asText())
                .doesNotHaveDuplicates();
    }

    private static List<Message> kcat(String topic) {
        var format = "%k\t%h\t%s\n";
        var shown = output("", "kcat", "-b", kafka, "-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", format);
        return shown.lines()
                .map(line -> line.split("\t", 3))
                .map(parts -> new Message(parts[0], parts[1], json(parts[2])))
                .toList();
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }

    /// @param token what the variable TOKEN holds in a shell that ran the commands before
    private static Answer run(String command, String token) {
        var printed = output(token, "bash", "-c", command).stripTrailing();
        var end = printed.lastIndexOf('\n');
        return new Answer(Integer.parseInt(printed.substring(end + 1)), json(printed.substring(0, end)));
    }

    /// What a program prints on its standard output.
    private static String output(String token, String... command) {
        var error = directory.resolve("error.txt");
        var builder = new ProcessBuilder(command).redirectError(error.toFile());
        builder.environment().putAll(Map.of("CURL_HOME", directory.toString(), "TOKEN", token));
        try {
            var process = builder.start();
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(error)).isZero();
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
