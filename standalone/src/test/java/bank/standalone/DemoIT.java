package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The walk of `./bank demo` succeeds, and what it stored is there after the process was killed.
class DemoIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration WALK_MAX = Duration.ofMinutes(3);
    private static final Pattern DOCUMENT_ID = Pattern.compile("\"document_id\" *: *([0-9]+)");
    private static final Pattern ACCESS_TOKEN = Pattern.compile("\"access_token\" *: *\"([^\"]+)\"");

    @TempDir
    Path data;

    @Test
    void walksTheStoryAndKeepsItThroughAKill() throws Exception {
        String documentId;
        try (var instance = Instance.start(data, "--demo")) {
            var walk = walk(instance);
            assertThat(walk).last().isEqualTo("The whole story went as it should.");
            documentId = find(DOCUMENT_ID, String.join("\n", walk));
            instance.process().kill();

            try (var again = Instance.start(data, "--demo");
                    var http = HttpClient.newHttpClient()) {
                assertThat(download(http, again, documentId))
                        .isEqualTo(Files.readAllBytes(ROOT.resolve("standalone/demo/Договор аренды.pdf")));
                assertThat(walk(again)).last().isEqualTo("The whole story went as it should.");
                assertThat(again.process().stop(Instance.STOP_MAX)).isZero();
            }
        }
    }

    @Test
    void theWalkSaysWhatToDoWhenNothingAnswers() {
        var port = Instance.freePort();
        try (var walk = launchWalk(port)) {
            assertThat(walk.awaitExit(WALK_MAX)).isEqualTo(1);
            assertThat(walk.output())
                    .containsExactly(
                            "bank: nothing answers at http://127.0.0.1:%1$d: start it with ./bank up --demo --port %1$d"
                                    .formatted(port));
        }
    }

    @Test
    void theWalkSaysWhatToDoWhenThereAreNoDemoUsers() {
        try (var instance = Instance.start(data);
                var walk = launchWalk(instance.port())) {
            assertThat(walk.awaitExit(WALK_MAX)).isEqualTo(1);
            assertThat(walk.output())
                    .containsExactly(
                            "bank: the instance at %s has no demo users: stop it and start it with ./bank up --demo --port %d"
                                    .formatted(instance.address(), instance.port()));
        }
    }

    private static List<String> walk(Instance instance) {
        try (var walk = launchWalk(instance.port())) {
            assertThat(walk.awaitExit(WALK_MAX))
                    .as(() -> String.join("\n", walk.output()))
                    .isZero();
            return walk.output();
        }
    }

    private static ServiceProcess launchWalk(int port) {
        return ServiceProcess.ofCommand(ROOT.resolve("bank").toString(), "demo", "--port", Integer.toString(port))
                .environment("LC_ALL", "C.UTF-8")
                .start();
    }

    private static byte[] download(HttpClient http, Instance instance, String documentId) throws Exception {
        var login = HttpRequest.newBuilder(instance.address().resolve("/v1/auth/login"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"email\":\"client@demo.test\",\"password\":\"demo-Passw0rd-2026\"}"))
                .build();
        var token =
                find(ACCESS_TOKEN, send(http, login, BodyHandlers.ofString()).body());
        var content = HttpRequest.newBuilder(instance.address().resolve("/v1/dbo/documents/" + documentId + "/content"))
                .header("Authorization", "Bearer " + token)
                .build();
        return send(http, content, BodyHandlers.ofByteArray()).body();
    }

    private static <T> HttpResponse<T> send(HttpClient http, HttpRequest request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        var response = http.send(request, body);
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    private static String find(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }
}
