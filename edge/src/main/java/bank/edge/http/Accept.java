package bank.edge.http;

import bank.edge.problem.EdgeFailures;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.util.List;

/// The media types a client takes as an answer (RFC 9110, section 12.5.1). Failures are told in problem+json whatever
/// he takes: an answer without a word on what is wrong would help nobody.
public final class Accept {
    private static final String JSON = "application/json";

    private Accept() {}

    /// Refuses a client who takes no `application/json`. What is not said is allowed, and the most specific range
    /// counts.
    ///
    /// @throws bank.platform.failure.FailureException reason NOT_ACCEPTABLE
    public static void requireJson(RequestHeaders headers) {
        List<String> lines = headers.getAll(HttpHeaderNames.ACCEPT);
        if (lines.isEmpty()
                || (lines.size() == 1
                        && (lines.getFirst().equals("*/*") || lines.getFirst().equals(JSON)))) {
            return;
        }
        var weights = new Weights(lines);
        Double weight = weights.of(JSON, "application/*", "*/*");
        if (!weights.isEmpty() && (weight == null || weight == 0)) {
            throw EdgeFailures.notAcceptable(JSON).exception();
        }
    }
}
