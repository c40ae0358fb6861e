package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import bank.testing.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands on a data directory, while something runs there and while nothing does.
class DataCommandsIT {
    private static final Duration COMMAND_MAX = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private record Outcome(int code, List<String> output) {}

    @Test
    void worksBesideARunningInstanceAndWithoutOne() {
        String head;
        try (var instance = Instance.start(directory)) {
            var whole = run("audit", "verify");
            assertThat(whole.code()).as(whole.output().toString()).isZero();
            assertThat(whole.output()).hasSize(2);
            assertThat(whole.output().getFirst()).matches("the audit log is in order, [0-9]+ rows");
            head = whole.output().getLast().substring("head ".length());
            assertThat(run("keys", "rotate").output().getFirst()).startsWith("the next key signs from ");
            assertThat(run("dead-letters", "list").output())
                    .containsExactly(
                            "identity:",
                            "no dead letters",
                            "document:",
                            "no dead letters",
                            "registry:",
                            "no dead letters");
            assertThat(instance.process().stop(Instance.STOP_MAX)).isZero();
            assertThat(instance.postgres()).isEmpty();

            var later = run("audit", "verify", "--head", head);
            assertThat(later.code()).as(later.output().toString()).isZero();
            assertThat(run("keys", "rotate", "--now").output())
                    .singleElement()
                    .asString()
                    .startsWith("2 withdrawn");
            assertThat(run("keys", "list").output())
                    .hasSize(4)
                    .anyMatch(line -> line.contains(" active "))
                    .filteredOn(line -> line.contains(" withdrawn "))
                    .hasSize(2);
            var none = run("dead-letters", "replay", "7", "--service", "registry");
            assertThat(none.code()).isEqualTo(1);
            assertThat(none.output()).containsExactly("there is no dead letter 7");
            assertThat(instance.postgres()).isEmpty();
        }
        var broken = run("audit", "verify", "--head", head.replaceAll(":.*", ":" + "0".repeat(64)));
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.output()).singleElement().asString().contains("broken at row");
    }

    @Test
    void tellsInOneLineThatThereIsNothing() {
        var outcome = run("keys", "list");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.output()).containsExactly("bank: nothing was ever started in " + directory);
        assertThat(directory).isEmptyDirectory();
    }

    private Outcome run(String... words) {
        var arguments = new ArrayList<>(List.of(words));
        arguments.addAll(1, List.of("--data", directory.toString()));
        try (var process = ServiceProcess.ofMain(Main.class, arguments.toArray(String[]::new))
                .environment("LC_ALL", "C.UTF-8")
                .start()) {
            return new Outcome(process.awaitExit(COMMAND_MAX), process.output());
        }
    }
}
