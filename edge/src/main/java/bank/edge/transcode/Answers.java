package bank.edge.transcode;

import java.io.IOException;

/// What the service's messages are made into.
interface Answers {
    /// Gives the answer, at the client's pace.
    ///
    /// @throws bank.platform.failure.FailureException what the client is told, when no answer was given yet
    void give(Conversation call) throws IOException;
}
