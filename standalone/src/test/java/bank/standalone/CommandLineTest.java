package bank.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.Command;
import bank.platform.maintenance.DeadLetterCommand;
import bank.standalone.CommandLine.Events;
import bank.standalone.CommandLine.EventsHelp;
import bank.standalone.CommandLine.Help;
import bank.standalone.CommandLine.Letters;
import bank.standalone.CommandLine.Maintain;
import bank.standalone.CommandLine.Up;
import bank.standalone.CommandLine.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void hasDefaults() throws UsageException {
        assertThat(parse()).isEqualTo(new Up(8080, Path.of(".bank").toAbsolutePath(), false, false));
    }

    @Test
    void takesEveryOptionAndTheLastOfEach() throws UsageException {
        assertThat(parse(
                        "--data",
                        "/a",
                        "--port",
                        "1",
                        "--demo",
                        "--reset-admin",
                        "--port",
                        "65535",
                        "--data",
                        "/b/../c"))
                .isEqualTo(new Up(65_535, Path.of("/c"), true, true));
    }

    @Test
    void printsHelpWhateverElseIsSaid() throws UsageException {
        assertThat(parse("--demo", "--help", "--nonsense")).isEqualTo(new Help());
        assertThat(CommandLine.HELP).contains("--port", "--data", "--demo", "--reset-admin", "--help");
    }

    @Test
    void asksWhoseDeadLetterItIs() throws UsageException {
        var all = List.of("identity", "document", "registry");
        assertThat(parse("dead-letters", "list"))
                .isEqualTo(new Letters(Path.of(".bank").toAbsolutePath(), all, new DeadLetterCommand.Listing()));
        assertThat(parse("dead-letters", "--data", "/a", "replay", "7", "--service", "registry"))
                .isEqualTo(new Letters(Path.of("/a"), List.of("registry"), new DeadLetterCommand.Replay(7)));
        assertThatThrownBy(() -> parse("dead-letters", "discard", "7"))
                .hasMessage("--service must say whose dead letter it is");
        assertThatThrownBy(() -> parse("dead-letters", "list", "--service", "edge"))
                .hasMessage("--service must be one of identity, document, registry, is edge");
        assertThatThrownBy(() -> parse("dead-letters")).hasMessage("unknown command dead-letters");
    }

    @Test
    void leavesWordsOfIdentityServiceToItself() throws UsageException {
        assertThat(parse("keys", "--data", "/a", "rotate", "--now"))
                .isEqualTo(new Maintain(Path.of("/a"), new Command.RotateKeys(true)));
        assertThat(parse("audit", "verify"))
                .isEqualTo(new Maintain(Path.of(".bank").toAbsolutePath(), new Command.VerifyAudit(null)));
        assertThat(parse("audit", "--help"))
                .isEqualTo(new Maintain(Path.of(".bank").toAbsolutePath(), new Command.Help()));
        assertThatThrownBy(() -> parse("audit", "--data", "/a"))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown command audit");
        assertThatThrownBy(() -> parse("keys", "list", "--data")).hasMessage("--data needs a value");
    }

    @Test
    void takesWhatEventsToPrint() throws UsageException {
        assertThat(parse("events")).isEqualTo(new Events(Path.of(".bank").toAbsolutePath(), Set.of(), false, false));
        assertThat(parse(
                        "events",
                        "--topic",
                        "document.status",
                        "--json",
                        "--data",
                        "/a",
                        "--from-beginning",
                        "--topic",
                        "contract.link"))
                .isEqualTo(new Events(Path.of("/a"), Set.of("contract.link", "document.status"), true, true));
        assertThat(parse("events", "--json", "--help")).isEqualTo(new EventsHelp());
        assertThat(CommandLine.EVENTS_HELP).contains("--topic", "--from-beginning", "--json", "--data", "--help");
        assertThatThrownBy(() -> parse("events", "--port", "1")).hasMessage("unknown option --port of events");
        assertThatThrownBy(() -> parse("events", "--topic")).hasMessage("--topic needs a value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "http", ""})
    void refusesAPortOutOfRange(String port) {
        assertThatThrownBy(() -> parse("--port", port))
                .isInstanceOf(UsageException.class)
                .hasMessage("--port must be a number from 1 to 65535, is " + port);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse("--prot", "1")).hasMessage("unknown option --prot");
        assertThatThrownBy(() -> parse("--port")).hasMessage("--port needs a value");
        assertThatThrownBy(() -> parse("--data", " ")).hasMessage("--data must name a directory");
    }

    private static CommandLine parse(String... arguments) throws UsageException {
        return CommandLine.parse(List.of(arguments));
    }
}
