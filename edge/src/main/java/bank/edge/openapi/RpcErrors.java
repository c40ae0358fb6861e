package bank.edge.openapi;

import bank.edge.problem.HttpStatuses;
import io.grpc.Status;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The errors an rpc's comment tells of, such as `NOT_FOUND` or `ALREADY_EXISTS, reason EMAIL_TAKEN`.
final class RpcErrors {
    private static final Pattern WORD = Pattern.compile("(?<![`\\w])(reason )?([A-Z]{2,}(?:_[A-Z]+)*)(?![`\\w])");
    private static final Set<String> CODES =
            Arrays.stream(Status.Code.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

    private RpcErrors() {}

    /// Reasons, each with its code, by HTTP status. A reason belongs to the code named last before it.
    static Map<Integer, Map<String, Status.Code>> in(String comment) {
        var errors = new TreeMap<Integer, Map<String, Status.Code>>();
        Status.Code code = null;
        var words = WORD.matcher(Comments.oneLine(comment));
        while (words.find()) {
            String word = words.group(2);
            boolean reason = words.group(1) != null || word.contains("_");
            if (words.group(1) == null && CODES.contains(word)) {
                code = Status.Code.valueOf(word);
                errors.computeIfAbsent(HttpStatuses.of(code, word), _ -> new TreeMap<>());
            } else if (reason && code != null) {
                errors.computeIfAbsent(HttpStatuses.of(code, word), _ -> new TreeMap<>())
                        .put(word, code);
            }
        }
        return errors;
    }
}
