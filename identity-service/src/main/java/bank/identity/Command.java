package bank.identity;

import bank.identity.model.AuditCheck.Mark;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What whoever runs identity-service may have done to its database, whether the service runs or not.
public sealed interface Command {
    /// The text of `--help`.
    String HELP = """
            audit verify [--head N:CODE]
                look whether the audit log is still what was written, and print its newest
                row as N:CODE, to be kept elsewhere; with --head also whether it still has
                a row that was kept. Exit code 1 when it is broken
            keys list
                print the keys that sign access tokens
            keys rotate [--now]
                make the next key, which signs in ten minutes, when everybody knows it;
                with --now, for a key somebody else may know, withdraw all keys and make
                another that signs at once: access tokens given before end within a minute,
                sessions stay
            --help
                print this text""";

    /// Print the help text.
    record Help() implements Command {}

    /// Check the audit log.
    ///
    /// @param kept a row as it was kept elsewhere; null for none
    record VerifyAudit(@Nullable Mark kept) implements Command {}

    /// Print the signing keys.
    record ListKeys() implements Command {}

    /// Replace the signing key.
    ///
    /// @param now without waiting until everybody knows the next one
    record RotateKeys(boolean now) implements Command {}

    /// The command can't be understood; the message is one line.
    final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }

    /// Reads the words of a command.
    ///
    /// @throws UsageException naming the word that is wrong
    static Command parse(List<String> words) throws UsageException {
        if (words.contains("--help") || words.contains("-h")) {
            return new Help();
        }
        var name = String.join(" ", words.subList(0, Math.min(2, words.size())));
        var options = words.subList(Math.min(2, words.size()), words.size()).iterator();
        return switch (name) {
            case "audit verify" -> verification(options);
            case "keys list" -> {
                none(options);
                yield new ListKeys();
            }
            case "keys rotate" -> rotation(options);
            default -> throw new UsageException("unknown command " + name);
        };
    }

    private static Command verification(Iterator<String> options) throws UsageException {
        Mark kept = null;
        while (options.hasNext()) {
            var option = options.next();
            if (!option.equals("--head")) {
                throw unknown(option);
            }
            kept = mark(options.hasNext() ? options.next() : "");
        }
        return new VerifyAudit(kept);
    }

    private static Command rotation(Iterator<String> options) throws UsageException {
        var now = false;
        while (options.hasNext()) {
            var option = options.next();
            if (!option.equals("--now")) {
                throw unknown(option);
            }
            now = true;
        }
        return new RotateKeys(now);
    }

    private static void none(Iterator<String> options) throws UsageException {
        if (options.hasNext()) {
            throw unknown(options.next());
        }
    }

    private static Mark mark(String text) throws UsageException {
        var match = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-f]{64})").matcher(text);
        if (!match.matches()) {
            throw new UsageException("--head must be N:CODE as audit verify prints it, is " + text);
        }
        return new Mark(Long.parseLong(match.group(1)), match.group(2));
    }

    private static UsageException unknown(String option) {
        return new UsageException("unknown option " + option);
    }
}
