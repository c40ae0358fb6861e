package bank.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bank.identity.Command.Help;
import bank.identity.Command.ListKeys;
import bank.identity.Command.RotateKeys;
import bank.identity.Command.UsageException;
import bank.identity.Command.VerifyAudit;
import bank.identity.model.AuditCheck.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
    private static final String CODE = "0123456789abcdef".repeat(4);

    @Test
    void readsEachCommand() throws UsageException {
        assertThat(parse("audit", "verify")).isEqualTo(new VerifyAudit(null));
        assertThat(parse("audit", "verify", "--head", "17:" + CODE)).isEqualTo(new VerifyAudit(new Mark(17, CODE)));
        assertThat(parse("keys", "list")).isEqualTo(new ListKeys());
        assertThat(parse("keys", "rotate")).isEqualTo(new RotateKeys(false));
        assertThat(parse("keys", "rotate", "--now")).isEqualTo(new RotateKeys(true));
        assertThat(parse("audit", "--help")).isEqualTo(new Help());
        assertThat(Command.HELP).contains("audit verify", "--head", "keys list", "keys rotate", "--now");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "0:" + "00", "-1:", "x:y"})
    void refusesAHeadThatIsNone(String head) {
        assertThatThrownBy(() -> parse("audit", "verify", "--head", head))
                .isInstanceOf(UsageException.class)
                .hasMessage("--head must be N:CODE as audit verify prints it, is " + head);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse("audit")).hasMessage("unknown command audit");
        assertThatThrownBy(() -> parse("keys", "eat")).hasMessage("unknown command keys eat");
        assertThatThrownBy(() -> parse("keys", "rotate", "--soon")).hasMessage("unknown option --soon");
        assertThatThrownBy(() -> parse("keys", "list", "all")).hasMessage("unknown option all");
        assertThatThrownBy(() -> parse("audit", "verify", "all")).hasMessage("unknown option all");
    }

    private static Command parse(String... words) throws UsageException {
        return Command.parse(List.of(words));
    }
}
