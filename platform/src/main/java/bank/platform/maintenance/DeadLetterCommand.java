package bank.platform.maintenance;

import java.util.List;

/// What an operator may have done about events that a service could not consume.
public sealed interface DeadLetterCommand {
    /// First word of each.
    String NAME = "dead-letters";

    /// The text of `--help`.
    String HELP = """
            dead-letters list
                print the events that could not be consumed and are not tried again by
                themselves, the newest first: number, consumer, topic, key, how often each
                was tried, since when it holds its key, how many later events of the key wait
                for it, and why it failed last. Not what it says, nor a key that is no number
                of the bank's own, which may be somebody's
            dead-letters replay ID
                have one tried again, at once when the service runs; when it succeeds, those
                that wait for it follow
            dead-letters discard ID
                give one up for good: it counts as worked, and those that wait for it follow
            --help
                print this text

            Exit code 0 when it is done, 1 when there is no such dead letter, 2 otherwise.""";

    /// Print the help text.
    record Help() implements DeadLetterCommand {}

    /// Print all.
    record Listing() implements DeadLetterCommand {}

    /// Have one tried again.
    record Replay(long id) implements DeadLetterCommand {}

    /// Give one up.
    record Discard(long id) implements DeadLetterCommand {}

    /// The command can't be understood; the message is one line.
    final class UsageException extends Exception {
        UsageException(String message) {
            super(message);
        }
    }

    /// Reads the words of a command.
    ///
    /// @throws UsageException naming what is wrong
    static DeadLetterCommand parse(List<String> words) throws UsageException {
        if (words.contains("--help") || words.contains("-h")) {
            return new Help();
        }
        var name = String.join(" ", words.subList(0, Math.min(2, words.size())));
        var rest = words.subList(Math.min(2, words.size()), words.size());
        return switch (name) {
            case NAME + " list" -> {
                if (!rest.isEmpty()) {
                    throw new UsageException("unknown option " + rest.getFirst() + " of " + name);
                }
                yield new Listing();
            }
            case NAME + " replay" -> new Replay(id(name, rest));
            case NAME + " discard" -> new Discard(id(name, rest));
            default -> throw new UsageException("unknown command " + name);
        };
    }

    private static long id(String name, List<String> rest) throws UsageException {
        if (rest.size() != 1 || !rest.getFirst().matches("[1-9][0-9]{0,17}")) {
            throw new UsageException(name + " needs the number of one dead letter, as dead-letters list prints it");
        }
        return Long.parseLong(rest.getFirst());
    }
}
