package bank.edge.transcode;

import java.io.IOException;

/// A body that is no `multipart/form-data` (RFC 7578), or ends before its closing boundary.
final class MultipartException extends IOException {
    private final String problem;

    /// @param problem what the client is told
    MultipartException(String problem) {
        super(problem);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }
}
